package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;

/** Review figures; the labels are stages and outcomes only, never names. */
@ApplicationScoped
class ReviewMetrics {
  private final MeterRegistry registry;

  ReviewMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void transition(Stage to, String outcome) {
    registry
        .counter("slipway.transitions", "to", to.label(), "outcome", outcome)
        .increment();
  }

  void approval(Stage to) {
    registry.counter("slipway.approvals", "to", to.label()).increment();
  }
}
