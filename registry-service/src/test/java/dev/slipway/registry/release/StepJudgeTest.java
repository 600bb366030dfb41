package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.StepLimits;
import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.OutputSketch;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.common.report.ShadowStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepJudgeTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = SINCE.plusSeconds(30);

  @Test
  void equalVersionsAreGoodOnceThereWereEnoughRequests() {
    assertThat(judge(stats(60, 0, 0, 5), stats(600, 0, 0, 5)).isGood()).isTrue();
    StepJudge.Verdict early = judge(stats(20, 0, 0, 5), stats(600, 0, 0, 5));
    assertThat(early.failure()).isNull();
    assertThat(early.isGood()).isFalse();
    assertThat(early.figures().waitingFor())
        .isEqualTo("waiting for traffic: 20 of 50 requests judged");
  }

  @Test
  void errorsFailAStepBeforeThereWereEnoughRequestsAndTheFiguresAreNamed() {
    assertThat(judge(stats(10, 4, 0, 5), stats(600, 6, 0, 5)).failure())
        .isEqualTo(
            "failed requests: 40.0 % of version 2's (4 of 10), 1.0 % of version 1's (6 of 600)");
  }

  @Test
  void twoFailuresAreAnAccidentAndAsManyAsLiveHasAreNoReason() {
    assertThat(judge(stats(10, 2, 0, 5), stats(600, 0, 0, 5)).failure()).isNull();
    assertThat(judge(stats(100, 10, 0, 5), stats(1000, 95, 0, 5)).failure()).isNull();
  }

  @Test
  void versionThatRefusesWhatTheLiveOneTakesFails() {
    Stats refusing = new Stats(5, 0, 0, stats(5, 0, 0, 5).latency(), 15, Map.of(), null, Map.of());
    assertThat(judge(refusing, stats(600, 0, 0, 5)).failure()).contains("(15 of 20)");
    Stats refusingToo =
        new Stats(15, 0, 0, stats(15, 0, 0, 5).latency(), 45, Map.of(), null, Map.of());
    assertThat(judge(refusing, refusingToo).failure()).isNull();
  }

  @Test
  void latencyIsSlowByRatioButNotWhereTheDifferenceIsNothing() {
    StepJudge.Verdict slow = judge(stats(100, 0, 0, 80), stats(600, 0, 0, 10));
    assertThat(slow.slow()).startsWith("latency: the 95th percentile of version 2");
    assertThat(slow.failure()).as("until it lasts").isNull();
    assertThat(slow.isGood()).isFalse();
    assertThat(judge(stats(100, 0, 0, 3), stats(600, 0, 0, 0)).slow())
        .as("three milliseconds instead of a microsecond")
        .isNull();
    assertThat(judge(stats(20, 0, 0, 80), stats(600, 0, 0, 10)).slow())
        .as("too few to say")
        .isNull();
  }

  @Test
  void answersWithNanFailAStep() {
    assertThat(judge(stats(100, 0, 100, 5), stats(600, 0, 0, 5)).failure())
        .startsWith("answers with NaN or infinity: 100.0 % of version 2's");
  }

  @Test
  void anotherDistributionFailsAStepAndNamesTheOutput() {
    Stats released = with(stats(100, 0, 0, 5), Map.of(1100, 90L, 1200, 10L), null);
    Stats live = with(stats(600, 0, 0, 5), Map.of(1100, 60L, 1200, 540L), null);
    assertThat(judge(released, live).failure())
        .startsWith("distribution: output p[0] of version 2 is 0.80 away from version 1's");
    assertThat(judge(with(stats(100, 0, 0, 5), Map.of(1100, 12L, 1200, 88L), null), live)
            .failure())
        .isNull();
  }

  @Test
  void disagreementOfMirroredRequestsIsShownAndJudgedOnlyWhereALimitIsSet() {
    var shadow = new ShadowStats(200, 180, 0, 3, 100);
    Stats released = with(stats(0, 0, 0, 5), Map.of(1100, 200L), shadow);
    Stats live = with(stats(600, 0, 0, 5), Map.of(1100, 600L), null);
    StepJudge.Verdict shown = judge(released, live);
    assertThat(shown.isGood()).isTrue();
    assertThat(shown.figures().shadow()).isEqualTo(shadow);

    var limits = new StepLimits(null, null, null, null, null, null, 0.05);
    assertThat(judge(limits, released, live).failure())
        .startsWith("disagreement: version 2 answers 90.0 % of the mirrored requests differently");
  }

  @Test
  void aWindowIsWhatCameSinceAndAReplicaThatBeganAgainCountsWhole() {
    Observed before = observed("r1", SINCE, stats(100, 50, 0, 5));
    Observed same = observed("r1", SINCE, stats(130, 51, 0, 5));
    assertThat(before.until(same).released().requests()).isEqualTo(30);
    assertThat(before.until(same).released().errors()).isEqualTo(1);
    assertThat(before.until(same).released().latency().count()).isEqualTo(30);
    Observed restarted = observed("r1", SINCE.plus(Duration.ofMinutes(1)), stats(7, 1, 0, 5));
    assertThat(before.until(restarted).released().requests()).isEqualTo(7);
    Observed another = observed("r2", SINCE, stats(9, 0, 0, 5));
    assertThat(before.until(another).released().requests()).isEqualTo(9);
  }

  private static Observed observed(String replica, Instant startedAt, Stats released) {
    return new Observed(
        SINCE,
        false,
        Map.of(replica, new Observed.Counts(startedAt, released, Stats.none())),
        null);
  }

  private static StepJudge.Verdict judge(Stats released, Stats live) {
    return judge(StepLimits.defaults(), released, live);
  }

  private static StepJudge.Verdict judge(StepLimits limits, Stats released, Stats live) {
    return StepJudge.judge(limits, new Observed.Window(released, live), 2, 1, SINCE, NOW);
  }

  /** Requests that took so many milliseconds each. */
  static Stats stats(long requests, long errors, long nonFinite, int millis) {
    long[] counts = new long[LatencyHistogram.BUCKETS];
    counts[LatencyHistogram.bucketOf(Duration.ofMillis(millis).toNanos())] = requests;
    return new Stats(requests, errors, nonFinite, LatencyHistogram.of(counts));
  }

  private static Stats with(Stats stats, Map<Integer, Long> output, ShadowStats shadow) {
    return new Stats(
        stats.requests(),
        stats.errors(),
        stats.nonFinite(),
        stats.latency(),
        0,
        Map.of("p[0]", OutputSketch.of(output)),
        shadow,
        Map.of());
  }
}
