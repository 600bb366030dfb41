package dev.slipway.registry.model;

import java.time.Instant;
import java.util.Map;

/**
 * A registered model as others see it.
 *
 * @param aliases alias to version number
 * @param liveVersion null when none is live
 * @param previousVersion what a rollback returns to; null when there is nothing
 * @param latestVersion null when it has no version
 * @param revision grows with each change: the ETag
 */
public record ModelView(
    long id,
    String name,
    String description,
    Map<String, String> tags,
    Map<String, Integer> aliases,
    String createdBy,
    Instant createdAt,
    Instant updatedAt,
    Integer liveVersion,
    Integer previousVersion,
    Integer latestVersion,
    long revision) {}
