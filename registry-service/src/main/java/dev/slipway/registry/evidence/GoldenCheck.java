package dev.slipway.registry.evidence;

import jakarta.inject.Singleton;

/** The version's golden inputs give the outputs that were registered with them. */
@Singleton
class GoldenCheck extends ProbeCheck {
  GoldenCheck() {
    super("golden", false);
  }

  @Override
  boolean needsModel() {
    return true;
  }
}
