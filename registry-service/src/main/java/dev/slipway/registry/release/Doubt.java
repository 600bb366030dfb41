package dev.slipway.registry.release;

import dev.slipway.registry.release.StepJudge.Verdict;
import java.time.Duration;
import java.time.Instant;

/**
 * What to do about a new version that seems slow. Pure. The window in which it seemed so is not enough: what comes after it, for some
 * seconds and with enough requests to judge, says whether it is.
 */
enum Doubt {
  /** It is not slow, and never seemed so. */
  NONE,
  /** It seems slow, for the first time: what comes from now on decides. */
  BEGINS,
  /** There is not enough yet to decide. */
  LASTS,
  /** It was an accident: judge by what came since. */
  DISPELLED,
  /** It is slow. */
  CONFIRMED;

  /** Longer than what pauses a machine: at many requests a second, one pause would else be both windows. */
  static final Duration LEAST = Duration.ofSeconds(5);

  boolean isOpen() {
    return this == BEGINS || this == LASTS;
  }

  /**
   * @param window over all of the step's present window
   * @param since what was counted when it first seemed slow; null when it did not
   * @param after over what came since then; null when it did not
   */
  static Doubt of(Verdict window, Instant since, Verdict after, Instant now) {
    if (since == null) {
      return window.slow() == null ? NONE : BEGINS;
    }
    if (window.slow() == null) {
      return DISPELLED;
    }
    if (now.isBefore(since.plus(LEAST)) || after.figures().latencyRatio() == null) {
      return LASTS;
    }
    return after.slow() == null ? DISPELLED : CONFIRMED;
  }
}
