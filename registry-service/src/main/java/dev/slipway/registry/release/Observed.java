package dev.slipway.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.OutputSketch;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.common.report.ShadowStats;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the replicas had counted, for the two versions that a release compares, when a window began. What they count later, less
 * this, is the window. Counts begin again with each start of a replica and each load of a version: what is lower than before, began
 * again.
 *
 * @param proven whether an earlier window of the same step was long enough, and good
 * @param doubt what was counted when this window's latency first passed its limit; null while it did not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Observed(Instant since, boolean proven, Map<String, Counts> replicas, Observed doubt) {

  /** One replica's. */
  record Counts(Instant startedAt, Stats released, Stats live) {}

  /** The sums of a window over all replicas. */
  record Window(Stats released, Stats live) {}

  static Observed now(
      List<Readiness.Heard> heard,
      String model,
      int released,
      int live,
      Instant now,
      boolean proven) {
    Map<String, Counts> replicas = new HashMap<>();
    for (Readiness.Heard one : heard) {
      replicas.put(one.report().replica(), counts(one.report(), model, released, live));
    }
    return new Observed(now, proven, replicas, null);
  }

  /** The same window, in doubt from {@code later} on; null for no more. */
  Observed doubtedFrom(Observed later) {
    return new Observed(since, proven, replicas, later);
  }

  private static Counts counts(ReplicaReport report, String model, int released, int live) {
    return new Counts(
        report.startedAt(), stats(report, model, released), stats(report, model, live));
  }

  private static Stats stats(ReplicaReport report, String model, int version) {
    return report.loaded().stream()
        .filter(loaded -> loaded.model().equals(model) && loaded.version() == version)
        .map(ReplicaReport.Loaded::stats)
        .filter(Objects::nonNull)
        .reduce(Observed::plus)
        .orElseGet(Stats::none);
  }

  /** What came since, up to {@code later}. */
  Window until(Observed later) {
    Stats released = Stats.none();
    Stats live = Stats.none();
    for (var one : later.replicas().entrySet()) {
      Counts before = replicas.get(one.getKey());
      Counts after = one.getValue();
      boolean same = before != null && before.startedAt().equals(after.startedAt());
      released =
          plus(released, same ? minus(after.released(), before.released()) : after.released());
      live = plus(live, same ? minus(after.live(), before.live()) : after.live());
    }
    return new Window(released, live);
  }

  private static Stats plus(Stats one, Stats other) {
    var outputs = new TreeMap<>(one.outputs());
    other.outputs().forEach((key, sketch) -> outputs.merge(key, sketch, OutputSketch::plus));
    return new Stats(
        one.requests() + other.requests(),
        one.errors() + other.errors(),
        one.nonFinite() + other.nonFinite(),
        one.latency().plus(other.latency()),
        one.refused() + other.refused(),
        outputs,
        shadow(one).plus(shadow(other)),
        Map.of());
  }

  private static Stats minus(Stats after, Stats before) {
    if (after.requests() < before.requests()
        || after.refused() < before.refused()
        || shadow(after).compared() < shadow(before).compared()) {
      return after;
    }
    var outputs = new TreeMap<String, OutputSketch>();
    after
        .outputs()
        .forEach((key, sketch) -> outputs.put(
            key, sketch.minus(before.outputs().getOrDefault(key, OutputSketch.empty()))));
    LatencyHistogram latency = after.latency().minus(before.latency());
    return new Stats(
        after.requests() - before.requests(),
        after.errors() - before.errors(),
        after.nonFinite() - before.nonFinite(),
        latency,
        after.refused() - before.refused(),
        outputs,
        shadow(after).minus(shadow(before)),
        Map.of());
  }

  private static ShadowStats shadow(Stats stats) {
    return stats.shadow() == null ? ShadowStats.none() : stats.shadow();
  }
}
