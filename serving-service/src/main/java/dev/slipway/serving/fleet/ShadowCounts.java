package dev.slipway.serving.fleet;

import dev.slipway.common.report.ShadowStats;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What came of the requests that were mirrored to one version. Thread-safe. */
final class ShadowCounts {
  private final LongAdder compared = new LongAdder();
  private final LongAdder disagreed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final DoubleAdder distance = new DoubleAdder();

  void compared(AnswerDifference difference) {
    distance.add(difference.distance());
    if (difference.disagrees()) {
      disagreed.increment();
    }
    compared.increment();
  }

  void failed() {
    failed.increment();
  }

  void dropped() {
    dropped.increment();
  }

  /** Null when nothing was ever mirrored. */
  ShadowStats read() {
    var stats = new ShadowStats(
        compared.sum(), disagreed.sum(), failed.sum(), dropped.sum(), distance.sum());
    return stats.equals(ShadowStats.none()) ? null : stats;
  }
}
