/** The keys of this process, one interface for each prefix, with defaults and units. */
package dev.slipway.serving.config;
