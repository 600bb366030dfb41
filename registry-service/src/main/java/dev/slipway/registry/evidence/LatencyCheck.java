package dev.slipway.registry.evidence;

import jakarta.inject.Singleton;

/** How long it takes beside the live version, in alternating rounds. */
@Singleton
class LatencyCheck extends ProbeCheck {
  LatencyCheck() {
    super("latency", true);
  }

  @Override
  boolean needsModel() {
    return true;
  }
}
