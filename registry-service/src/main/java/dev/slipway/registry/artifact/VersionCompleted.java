package dev.slipway.registry.artifact;

import java.util.List;

/** Fired inside the transaction that completes a version: its files are there, and may be inspected. */
public record VersionCompleted(long versionId, List<StoredFile> files) {}
