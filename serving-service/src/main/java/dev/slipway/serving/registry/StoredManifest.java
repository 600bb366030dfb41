package dev.slipway.serving.registry;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.artifact.Manifest;
import java.util.List;

/**
 * A version's manifest together with where the store keeps each file, as {@code GET /internal/v1/manifests/{digest}} answers
 * it. The object keys are not part of the digest.
 */
public record StoredManifest(List<StoredFile> files) {

  /** One file; {@code size} in bytes, {@code objectKey} in the object store. */
  public record StoredFile(ArtifactPath path, long size, Digest digest, String objectKey) {}

  public StoredManifest {
    files = files == null ? List.of() : List.copyOf(files);
  }

  /**
   * The manifest proper.
   *
   * @throws IllegalArgumentException when the files are no manifest (none, one twice, a file that is a folder)
   */
  public Manifest toManifest() {
    return new Manifest(files.stream()
        .map(file -> new Manifest.Entry(file.path(), file.size(), file.digest()))
        .toList());
  }
}
