/** What only a local stack may do to its registry. */
package dev.slipway.registry.local;
