package dev.slipway.registry.model;

/** Fired, synchronously and inside the transaction, when a version has its files: now it can be inspected. */
public record VersionReady(long versionId) {}
