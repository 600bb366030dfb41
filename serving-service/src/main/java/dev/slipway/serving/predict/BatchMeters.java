package dev.slipway.serving.predict;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** How many requests a version's runs answered, and how long those waited that found it busy. */
final class BatchMeters {
  private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128};

  private final MeterRegistry registry;
  private final DistributionSummary sizes;
  private final Timer waits;
  private final Tally tally;

  BatchMeters(MeterRegistry registry, Tags tags, Tally tally) {
    this.registry = registry;
    this.tally = tally;
    this.sizes = DistributionSummary.builder("slipway_predict_batch_requests")
        .description("Requests answered by one run of a model that takes several together")
        .tags(tags)
        .serviceLevelObjectives(SIZES)
        .register(registry);
    this.waits = Timer.builder("slipway_predict_batch_wait")
        .description("How long a request waited that found the model busy")
        .tags(tags)
        .register(registry);
  }

  void ran(int requests) {
    sizes.record(requests);
  }

  void waited(long nanos) {
    waits.record(nanos, TimeUnit.NANOSECONDS);
    tally.waited(nanos);
  }

  void close() {
    registry.remove(sizes);
    registry.remove(waits);
  }
}
