package dev.slipway.serving.cache;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.json.WireJson;
import dev.slipway.serving.cache.ArtifactException.Kind;
import dev.slipway.serving.disk.DurableFile;
import dev.slipway.serving.registry.RegistryException;
import dev.slipway.serving.registry.StoredManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Manifests, asked for once and kept on disk: they never change. One that does not hash to its name is never believed. The
 * cache sees to it that one caller at a time asks for a digest.
 */
final class ManifestShelf {
  private final Path folder;
  private final ManifestSource source;
  private final ObjectMapper json = WireJson.mapper();

  ManifestShelf(Path folder, ManifestSource source) {
    this.folder = folder;
    this.source = source;
  }

  StoredManifest get(Digest digest) throws ArtifactException, InterruptedException {
    Path file = file(digest);
    if (Files.exists(file)) {
      try {
        StoredManifest kept = json.readValue(file.toFile(), StoredManifest.class);
        if (hashesTo(kept, digest)) {
          return kept;
        }
      } catch (IOException damaged) {
        // A kept manifest that cannot be read is asked for again.
      }
    }
    StoredManifest fresh = ask(digest);
    try {
      DurableFile.write(file, json.writeValueAsBytes(fresh));
    } catch (IOException full) {
      throw new ArtifactException(
          Kind.DISK, "the manifest of " + digest + " cannot be kept: " + full.getMessage(), full);
    }
    return fresh;
  }

  void forget(Digest digest) throws IOException {
    Files.deleteIfExists(file(digest));
  }

  private StoredManifest ask(Digest digest) throws ArtifactException, InterruptedException {
    StoredManifest answer;
    try {
      answer = source.manifest(digest);
    } catch (RegistryException refused) {
      Kind kind = refused.kind() == RegistryException.Kind.NOT_FOUND
          ? Kind.MISSING
          : Kind.REGISTRY_UNREACHABLE;
      throw new ArtifactException(
          kind, "no manifest for " + digest + ": " + refused.getMessage(), refused);
    }
    if (!hashesTo(answer, digest)) {
      throw new ArtifactException(
          Kind.CORRUPT, "the registry's manifest for " + digest + " has another digest: refused");
    }
    return answer;
  }

  private static boolean hashesTo(StoredManifest manifest, Digest digest) {
    try {
      return manifest != null && manifest.toManifest().digest().equals(digest);
    } catch (RuntimeException noManifest) {
      return false;
    }
  }

  private Path file(Digest digest) {
    return folder.resolve(digest.hex() + ".json");
  }
}
