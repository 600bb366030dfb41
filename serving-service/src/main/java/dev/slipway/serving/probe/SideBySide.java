package dev.slipway.serving.probe;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Finding.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a version costs beside the live one.
 *
 * @param ratio of the middle times; of alternating rounds the middle one
 * @param p95Ratio likewise of the 95th percentiles; NaN where requests take so long that a round has too few
 */
record SideBySide(TimedModel live, TimedModel version, double ratio, double p95Ratio) {
  private static final double LIMIT = 1.5;
  /** A difference below this, in nanoseconds, is nothing that a caller over a network would see. */
  private static final double UNSEEN = 50_000;
  /** A difference below this, in bytes, is what an allocator rounds up. */
  private static final long UNFELT = 16L << 20;

  /** In bytes: a model that holds next to nothing would make any other one many times as large. */
  private static final long LEAST = 1L << 20;

  private static final String RATIO = "ratio";
  private static final String P95_RATIO = "p95_ratio";
  private static final String MEMORY_RATIO = "memory_ratio";

  /** @param policy its limits by name */
  Finding finding(Map<String, String> policy) {
    List<FigureBesideLive> judged = judged(policy);
    Verdict worst =
        judged.stream().map(FigureBesideLive::verdict).reduce(Verdict.GREEN, SideBySide::worse);
    String told = String.format(
        Locale.ROOT,
        "takes %.2f times as long as live (p50 %.3f ms, live %.3f ms)",
        ratio,
        version.percentile(0.5) / 1e6,
        live.percentile(0.5) / 1e6);
    String faults = judged.stream()
        .filter(figure -> figure.verdict() != Verdict.GREEN)
        .map(FigureBesideLive::told)
        .collect(Collectors.joining("; "));
    return new Finding(worst, faults.isEmpty() ? told : told + ": " + faults, data(judged));
  }

  private static Verdict worse(Verdict one, Verdict other) {
    return one == Verdict.RED || other == Verdict.RED
        ? Verdict.RED
        : one == Verdict.WARNING ? one : other;
  }

  private List<FigureBesideLive> judged(Map<String, String> policy) {
    List<FigureBesideLive> judged = new ArrayList<>();
    judged.add(
        new FigureBesideLive(RATIO, "p50 is", ratio, limit(policy, RATIO, LIMIT), isSeen(0.5)));
    if (!Double.isNaN(p95Ratio)) {
      judged.add(new FigureBesideLive(
          P95_RATIO, "p95 is", p95Ratio, limit(policy, P95_RATIO, LIMIT), isSeen(0.95)));
    }
    if (policy.containsKey(MEMORY_RATIO) && version.memory() > 0) {
      judged.add(new FigureBesideLive(
          MEMORY_RATIO,
          "its memory is",
          memoryRatio(),
          limit(policy, MEMORY_RATIO, LIMIT),
          version.memory() - live.memory() > UNFELT));
    }
    return judged;
  }

  private boolean isSeen(double share) {
    return version.percentile(share) - live.percentile(share) > UNSEEN;
  }

  private double memoryRatio() {
    return (double) version.memory() / Math.max(live.memory(), LEAST);
  }

  private static double limit(Map<String, String> policy, String name, double otherwise) {
    String ofPolicy = policy.get(name);
    return ofPolicy == null ? otherwise : Double.parseDouble(ofPolicy);
  }

  private Map<String, Object> data(List<FigureBesideLive> judged) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("band", FigureBesideLive.BAND);
    for (FigureBesideLive figure : judged) {
      data.put(figure.key(), rounded(figure.ratio()));
      data.put(figure.limitKey(), figure.limit());
    }
    if (version.memory() > 0) {
      data.putIfAbsent(MEMORY_RATIO, rounded(memoryRatio()));
    }
    data.put("live", live.figures());
    data.put("version", version.figures());
    return data;
  }

  static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
