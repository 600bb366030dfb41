package dev.slipway.registry.release;

/** Fired, synchronously and inside the transaction, when a job about a version is done or given up. */
public record JobEnded(long versionId) {}
