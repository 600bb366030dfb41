package dev.slipway.serving.probe;

import dev.slipway.common.job.Finding.Verdict;
import java.util.Locale;

/**
 * One of the version's figures as a multiple of the live version's.
 *
 * @param key as policies name its limit: {@code ratio}, or {@code memory_ratio}
 * @param name for the reader, with its verb
 * @param limit that a policy sets, or the usual one
 * @param seen whether the difference is one that anybody would notice
 */
record FigureBesideLive(String key, String name, double ratio, double limit, boolean seen) {
  /** So much around the limit, as a share of it, nobody is judged: the next measurement might say otherwise. */
  static final double BAND = 0.15;

  Verdict verdict() {
    if (!seen || ratio < limit * (1 - BAND)) {
      return Verdict.GREEN;
    }
    return ratio > limit * (1 + BAND) ? Verdict.RED : Verdict.WARNING;
  }

  /** How it stands to its limit. */
  String told() {
    return String.format(Locale.ROOT, "%s %.2f times live's, ", name, ratio)
        + (verdict() == Verdict.RED ? "more than " : "about the limit of ") + limit + " times";
  }

  /** The name of its limit among the check's figures. */
  String limitKey() {
    return key.replace("ratio", "limit");
  }
}
