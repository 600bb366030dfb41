package dev.slipway.registry.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One audited deed.
 *
 * @param previous the hash of the entry before; null in rows from before there was a chain
 * @param hash as {@link dev.slipway.common.audit.AuditChain} makes it; null where {@code previous} is
 */
public record AuditEntry(
    long sequence,
    Instant at,
    String actor,
    String action,
    String object,
    String digest,
    JsonNode before,
    JsonNode after,
    String requestId,
    String previous,
    String hash) {
  AuditEntry withHash(String made) {
    return new AuditEntry(
        sequence, at, actor, action, object, digest, before, after, requestId, previous, made);
  }
}
