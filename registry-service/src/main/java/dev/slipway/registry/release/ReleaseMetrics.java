package dev.slipway.registry.release;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Release figures; the labels are kinds and outcomes only, never names. */
@ApplicationScoped
class ReleaseMetrics {
  private final MeterRegistry registry;
  private final AfterCommit afterCommit;

  ReleaseMetrics(MeterRegistry registry, AfterCommit afterCommit) {
    this.registry = registry;
    this.afterCommit = afterCommit;
  }

  /** Counts once the present transaction has committed. */
  void ended(ReleaseKind kind, ReleaseState state) {
    Counter counter =
        registry.counter("slipway.releases", "kind", kind.label(), "outcome", state.label());
    afterCommit.run(counter::increment);
  }

  /** From the call to the moment when the last connected replica had reported the switch, or the wait ended. */
  void converged(ReleaseKind kind, boolean all, Duration took) {
    registry
        .timer(
            "slipway.release.convergence", "kind", kind.label(), "confirmed", String.valueOf(all))
        .record(took);
  }
}
