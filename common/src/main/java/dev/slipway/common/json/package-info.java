/** The one Jackson configuration of everything that travels between the services. */
package dev.slipway.common.json;
