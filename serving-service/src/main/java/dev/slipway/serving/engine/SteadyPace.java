package dev.slipway.serving.engine;

import java.util.Arrays;

/**
 * Whether runs still become faster: it goes by the median of rounds of a few runs, so that one pause of the machine is no matter.
 * A round that is not clearly faster than the best before it is the end of the slope.
 */
final class SteadyPace {
  private static final int ROUND = 9;
  private static final int LEVEL_ROUNDS = 2;
  /** Rounds of the same model differ by less on a quiet machine. */
  private static final double CLEARLY_FASTER = 0.9;

  private final long[] round = new long[ROUND];
  private int runs;
  private int level;
  private double best = Double.MAX_VALUE;

  void observe(long nanos) {
    round[runs++ % ROUND] = nanos;
    if (runs % ROUND != 0) {
      return;
    }
    Arrays.sort(round);
    double median = round[ROUND / 2];
    level = median < CLEARLY_FASTER * best ? 0 : level + 1;
    best = Math.min(best, median);
  }

  boolean isSteady() {
    return level >= LEVEL_ROUNDS;
  }
}
