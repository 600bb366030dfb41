package dev.slipway.registry.evidence;

import jakarta.inject.Singleton;

/** Whether its files are data only, and lie where they say. */
@Singleton
class ArtifactSafetyCheck extends ProbeCheck {
  ArtifactSafetyCheck() {
    super("artifact-safety", false);
  }

  @Override
  boolean needsModel() {
    return false;
  }
}
