/** Idempotency-Key: the first answer of a state-changing call, kept with the change itself and given again. */
package dev.slipway.registry.idempotency;
