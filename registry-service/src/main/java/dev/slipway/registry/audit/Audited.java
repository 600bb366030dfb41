package dev.slipway.registry.audit;

import dev.slipway.registry.access.Caller;

/**
 * Fired, synchronously and inside the transaction, for each audited deed: whoever tells others of it tells exactly what happened.
 * The fields are those of {@link AuditLog#append}.
 */
public record Audited(
    Caller actor, String action, String object, String digest, Object before, Object after) {}
