package dev.slipway.registry.release;

import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.common.feed.StepLimits;
import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.List;

/** What a release strategy must look like. */
final class StrategyRules {
  private static final int MAX_STEPS = 50;
  private static final int MAX_REQUESTS = 1_000_000;
  private static final long MAX_SECONDS = 30L * 24 * 3600;
  private static final double WHOLE = 100;

  private StrategyRules() {}

  /** @throws Invalid saying what was expected; null is fine */
  static void check(ReleaseStrategy strategy) {
    if (strategy == null) {
      return;
    }
    if (strategy.kind() == null) {
      throw new Invalid("release.kind is direct, canary or shadow");
    }
    if (strategy.steps() != null) {
      steps(strategy.steps());
    }
    ReleaseStrategy.Sticky sticky = strategy.sticky();
    if (sticky != null && (sticky.header() == null) != sticky.request()) {
      throw new Invalid("release.sticky has a header, or request: true");
    }
    if (strategy.limits() != null) {
      limits(strategy.limits());
    }
  }

  private static void steps(List<ReleaseStrategy.Step> steps) {
    if (steps.isEmpty() || steps.size() > MAX_STEPS) {
      throw new Invalid("release.steps has 1 to " + MAX_STEPS + " steps");
    }
    double before = 0;
    for (int i = 0; i < steps.size(); i++) {
      ReleaseStrategy.Step step = steps.get(i);
      String name = "release.steps[" + i + "].";
      between(name + "percent", step.percent(), before, WHOLE);
      between(name + "shadow_percent", step.shadowPercent(), 0, WHOLE);
      if (step.seconds() != null) {
        between(name + "seconds", step.seconds(), 0, MAX_SECONDS);
      }
      if (step.percent() >= WHOLE && i < steps.size() - 1) {
        throw new Invalid(name + "percent: 100 is the last step");
      }
      before = step.percent();
    }
  }

  private static void limits(StepLimits limits) {
    between("release.limits.min_requests", limits.requests(), 0, MAX_REQUESTS);
    between("release.limits.max_error_increase", limits.errorIncrease(), 0, 1);
    between("release.limits.max_non_finite_increase", limits.nonFiniteIncrease(), 0, 1);
    between("release.limits.max_latency_ratio", limits.latencyRatio(), 1, MAX_REQUESTS);
    between("release.limits.min_latency_delta_ms", limits.latencyDeltaMs(), 0, MAX_REQUESTS);
    between("release.limits.max_distance", limits.distance(), 0, 1);
    if (limits.maxDisagreement() != null) {
      between("release.limits.max_disagreement", limits.maxDisagreement(), 0, 1);
    }
  }

  private static void between(String name, double given, double low, double high) {
    if (!(given >= low && given <= high)) {
      throw new Invalid(name + " is " + low + " to " + high + ", not " + given);
    }
  }
}
