package dev.slipway.serving.cache;

import dev.slipway.common.artifact.Digest;
import dev.slipway.serving.registry.RegistryException;
import dev.slipway.serving.registry.StoredManifest;

/** Where manifests come from the first time. */
@FunctionalInterface
public interface ManifestSource {
  StoredManifest manifest(Digest digest) throws RegistryException, InterruptedException;
}
