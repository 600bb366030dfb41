package dev.slipway.registry.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** One audited deed. */
public record AuditEntry(
    long sequence,
    Instant at,
    String actor,
    String action,
    String object,
    String digest,
    JsonNode before,
    JsonNode after,
    String requestId) {}
