package dev.slipway.registry.evidence;

import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import java.util.Map;
import java.util.Optional;

/**
 * What a check looks at.
 *
 * @param version that somebody wants to move
 * @param live the version that it would replace; empty when nothing is live
 * @param thresholds of the policy for the check at hand, by name
 */
record Subject(
    ModelView model,
    VersionView version,
    Optional<VersionView> live,
    Map<String, Double> thresholds) {

  double threshold(String name, double otherwise) {
    return thresholds.getOrDefault(name, otherwise);
  }

  Subject with(Map<String, Double> limits) {
    return new Subject(model, version, live, limits);
  }
}
