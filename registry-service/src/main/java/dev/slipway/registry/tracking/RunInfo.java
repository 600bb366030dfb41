package dev.slipway.registry.tracking;

/** A run without what it logged. {@code endTime} is null while it is not over; times are milliseconds since the epoch. */
public record RunInfo(
    String runId,
    long experimentId,
    String name,
    String userId,
    RunStatus status,
    long startTime,
    Long endTime,
    String artifactUri,
    Lifecycle lifecycle) {}
