package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;

/** One file of a folder. {@code size} is in bytes. */
public record StoredFile(ArtifactPath path, long size, Digest digest, String objectKey) {}
