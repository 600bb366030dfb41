/** The one client of the registry's internal API. It speaks the wire's records and knows nothing of what they lead to. */
package dev.slipway.serving.registry;
