package dev.slipway.serving.predict;

import java.time.Duration;

/**
 * How long a version's runs take, without any waiting, as a moving average. Samples are capped, so that one pause of the machine does not pass
 * for a slow model. Updates may race: a lost sample does no harm.
 */
final class Pace {
  private static final int WEIGHT = 16;
  private static final int ENOUGH = 20;
  private static final int CAP_FACTOR = 4;

  private final double inlineBelowNanos;
  private final double offloadAboveNanos;
  private volatile double average;
  private volatile int samples;

  Pace(Duration inlineBelow, Duration offloadAbove) {
    this.inlineBelowNanos = inlineBelow.toNanos();
    this.offloadAboveNanos = offloadAbove.toNanos();
  }

  void observe(long nanos) {
    int seen = samples;
    double before = average;
    double cap = seen == 0 ? Double.MAX_VALUE : CAP_FACTOR * Math.max(before, inlineBelowNanos);
    double sample = Math.min((double) nanos, cap);
    average = before + (sample - before) / Math.min(seen + 1, WEIGHT);
    samples = Math.min(seen + 1, ENOUGH);
  }

  /** 0 before the first run. */
  double averageNanos() {
    return average;
  }

  /** Short enough for the event loop. */
  boolean isTiny() {
    return samples >= ENOUGH && average < inlineBelowNanos;
  }

  /**
   * So long that it would keep a carrier thread from the other models. Before the first run has ended it may be: a crowd that comes
   * at once for a new version of a slow model would else take all carriers.
   */
  boolean isLong() {
    return samples == 0 || average > offloadAboveNanos;
  }
}
