package dev.slipway.serving.fleet;

import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.ReplicaReport;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** One version's counts. Counting takes no lock; a reading may miss what is counted at that moment. Thread-safe. */
final class ServableStats {
  private final LongAdder errors = new LongAdder();
  private final LongAdder nonFinite = new LongAdder();
  private final LongAdder[] latency =
      Stream.generate(LongAdder::new).limit(LatencyHistogram.BUCKETS).toArray(LongAdder[]::new);

  private final LongAdder refused = new LongAdder();
  private final OutputCounts outputs = new OutputCounts();
  private final CallerCounts callers = new CallerCounts();
  private final ShadowCounts shadow = new ShadowCounts();

  OutputCounts outputs() {
    return outputs;
  }

  CallerCounts callers() {
    return callers;
  }

  ShadowCounts shadow() {
    return shadow;
  }

  void refused() {
    refused.increment();
  }

  void record(long latencyNanos, boolean error, boolean hasNonFinite) {
    latency[LatencyHistogram.bucketOf(latencyNanos)].increment();
    if (error) {
      errors.increment();
    }
    if (hasNonFinite) {
      nonFinite.increment();
    }
  }

  /** The number of requests is the histogram's count, so that the two never differ. */
  ReplicaReport.Stats read() {
    long[] counts = new long[LatencyHistogram.BUCKETS];
    long errorCount = errors.sum();
    long nonFiniteCount = nonFinite.sum();
    for (int i = 0; i < counts.length; i++) {
      counts[i] = latency[i].sum();
    }
    LatencyHistogram histogram = LatencyHistogram.of(counts);
    return new ReplicaReport.Stats(
        histogram.count(),
        errorCount,
        nonFiniteCount,
        histogram,
        refused.sum(),
        outputs.read(),
        shadow.read(),
        callers.read());
  }
}
