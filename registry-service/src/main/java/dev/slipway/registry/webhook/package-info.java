/**
 * Outgoing events, signed: written to an outbox in the transaction of what they tell, sent within a second, tried again until
 * they arrive or are given up.
 */
package dev.slipway.registry.webhook;
