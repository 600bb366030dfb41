package dev.slipway.registry.tracking;

/** A dataset used somewhere in an experiment, once per context; {@code context} may be null. */
public record DatasetSummary(long experimentId, String name, String digest, String context) {}
