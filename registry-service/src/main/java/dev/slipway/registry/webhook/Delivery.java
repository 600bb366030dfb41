package dev.slipway.registry.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * One event on its way to one webhook.
 *
 * @param position in the order of creation
 * @param state pending, delivered or failed
 * @param responseStatus of the last attempt; null when there was no answer
 * @param error of the last attempt; null when it succeeded
 * @param nextAttemptAt null when there is none
 */
public record Delivery(
    String id,
    @JsonIgnore long position,
    String event,
    String state,
    int attempts,
    Integer responseStatus,
    String error,
    Instant createdAt,
    Instant nextAttemptAt,
    Instant finishedAt) {}
