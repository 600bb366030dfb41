package dev.slipway.registry.release;

import dev.slipway.common.feed.StepLimits;
import dev.slipway.common.report.OutputSketch;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.common.report.ShadowStats;
import dev.slipway.registry.release.StepFigures.Side;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares a new version with the live one over one window. Pure. A step fails as soon as one limit is passed with enough requests to
 * say so; it is good when there were enough requests and no limit was passed. Latency alone is not taken at its word: three slow
 * requests of fifty move a 95th percentile, and a pause of the machine makes them, so that a step fails by it when the requests that
 * came after say the same ({@link Doubt}).
 */
final class StepJudge {
  /** Fewer failures than this are an accident, whatever share of the requests they are. */
  private static final int MIN_FAILURES = 3;
  /** Kolmogorov-Smirnov at a level of one in a thousand. */
  private static final double CHANCE = 1.95;

  private static final double MICROS_PER_MILLI = 1_000;

  private final StepLimits limits;
  private final Stats released;
  private final Stats live;
  private final Side releasedSide;
  private final Side liveSide;
  private final ShadowStats shadow;

  /**
   * @param failure why the step must be undone, with its figures; null when it need not
   * @param slow why it must be undone if that is no accident; null when its latency is within the limits
   */
  record Verdict(String failure, String slow, StepFigures figures) {
    boolean isGood() {
      return failure == null && slow == null && figures.waitingFor() == null;
    }

    /** The same, told as what it is until later requests say whether it lasts. */
    Verdict inDoubt() {
      return new Verdict(
          failure, slow, figures.waitingFor("waiting to see whether it lasts: " + slow));
    }
  }

  private StepJudge(
      StepLimits limits, Observed.Window window, int releasedVersion, int liveVersion) {
    this.limits = limits;
    this.released = window.released();
    this.live = window.live();
    this.releasedSide = side(releasedVersion, released);
    this.liveSide = side(liveVersion, live);
    this.shadow = released.shadow() == null ? ShadowStats.none() : released.shadow();
  }

  static Verdict judge(
      StepLimits limits,
      Observed.Window window,
      int releasedVersion,
      int liveVersion,
      Instant since,
      Instant now) {
    return new StepJudge(limits, window, releasedVersion, liveVersion).verdict(since, now);
  }

  private Verdict verdict(Instant since, Instant now) {
    Map<String, Double> distances = distances();
    String failure = errors()
        .or(this::nonFinite)
        .or(() -> distribution(distances))
        .or(this::disagreement)
        .orElse(null);
    long judged = releasedSide.requests() + shadow.compared() + shadow.failed();
    String waitingFor = judged >= limits.requests()
        ? null
        : "waiting for traffic: " + judged + " of " + limits.requests() + " requests judged";
    var figures = new StepFigures(
        since,
        now,
        releasedSide,
        liveSide,
        latencyRatio(),
        distances,
        shadow.equals(ShadowStats.none()) ? null : shadow,
        waitingFor);
    return new Verdict(failure, latency().orElse(null), figures);
  }

  private Optional<String> errors() {
    long errors = releasedSide.errors() + shadow.failed();
    long requests = releasedSide.requests() + shadow.compared() + shadow.failed();
    double rate = requests == 0 ? 0 : (double) errors / requests;
    return errors >= MIN_FAILURES && rate > liveSide.errorRate() + limits.errorIncrease()
        ? Optional.of(shares("failed requests", errors, requests, liveSide.errors()))
        : Optional.empty();
  }

  private Optional<String> nonFinite() {
    return released.nonFinite() >= MIN_FAILURES
            && releasedSide.nonFiniteRate() > liveSide.nonFiniteRate() + limits.nonFiniteIncrease()
        ? Optional.of(shares(
            "answers with NaN or infinity",
            released.nonFinite(),
            released.requests(),
            live.nonFinite()))
        : Optional.empty();
  }

  private String shares(String what, long bad, long of, long badLive) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% of version %d's (%d of %d), %.1f %% of version %d's (%d of %d)",
        what,
        100.0 * bad / of,
        releasedSide.version(),
        bad,
        of,
        liveSide.requests() == 0 ? 0.0 : 100.0 * badLive / liveSide.requests(),
        liveSide.version(),
        badLive,
        liveSide.requests());
  }

  private Optional<String> latency() {
    Double ratio = latencyRatio();
    return ratio != null
            && ratio > limits.latencyRatio()
            && releasedSide.p95Ms() - liveSide.p95Ms() > limits.latencyDeltaMs()
        ? Optional.of(String.format(
            Locale.ROOT,
            "latency: the 95th percentile of version %d is %.1f ms, %.1f times version %d's %.1f ms (%d and %d requests)",
            releasedSide.version(),
            releasedSide.p95Ms(),
            ratio,
            liveSide.version(),
            liveSide.p95Ms(),
            released.requests(),
            live.requests()))
        : Optional.empty();
  }

  private Double latencyRatio() {
    boolean enough =
        Math.min(released.requests(), live.requests()) >= Math.max(1, limits.requests());
    return enough ? releasedSide.p95Ms() / liveSide.p95Ms() : null;
  }

  private Map<String, Double> distances() {
    var distances = new TreeMap<String, Double>();
    released.outputs().forEach((key, sketch) -> {
      double distance = sketch.distance(live.outputs().getOrDefault(key, OutputSketch.empty()));
      if (Double.isFinite(distance)) {
        distances.put(key, distance);
      }
    });
    return distances;
  }

  /** Values of one answer hang together, so it is the answers that count as independent, not the values. */
  private Optional<String> distribution(Map<String, Double> distances) {
    double mine = released.requests() + shadow.compared();
    double theirs = live.requests();
    if (Math.min(mine, theirs) < Math.max(1, limits.requests())) {
      return Optional.empty();
    }
    double chance = CHANCE * Math.sqrt((mine + theirs) / (mine * theirs));
    return distances.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .filter(worst -> worst.getValue() > Math.max(limits.distance(), chance))
        .map(worst -> String.format(
            Locale.ROOT,
            "distribution: output %s of version %d is %.2f away from version %d's, more than %.2f (%.0f and %.0f answers)",
            worst.getKey(),
            releasedSide.version(),
            worst.getValue(),
            liveSide.version(),
            Math.max(limits.distance(), chance),
            mine,
            theirs));
  }

  private Optional<String> disagreement() {
    boolean judged =
        limits.maxDisagreement() != null && shadow.compared() >= Math.max(1, limits.requests());
    double share = judged ? (double) shadow.disagreed() / shadow.compared() : 0;
    return judged && share > limits.maxDisagreement()
        ? Optional.of(String.format(
            Locale.ROOT,
            "disagreement: version %d answers %.1f %% of the mirrored requests differently (%d of %d, mean distance %.3g)",
            releasedSide.version(),
            100 * share,
            shadow.disagreed(),
            shadow.compared(),
            shadow.distance() / shadow.compared()))
        : Optional.empty();
  }

  private static Side side(int version, Stats stats) {
    boolean some = stats.latency().count() > 0;
    return new Side(
        version,
        stats.requests() + stats.refused(),
        stats.errors() + stats.refused(),
        stats.nonFinite(),
        some ? stats.latency().quantileMicros(0.5) / MICROS_PER_MILLI : null,
        some ? stats.latency().quantileMicros(0.95) / MICROS_PER_MILLI : null);
  }
}
