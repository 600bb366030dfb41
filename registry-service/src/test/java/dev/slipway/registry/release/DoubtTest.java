package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.StepLimits;
import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.ReplicaReport.Stats;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A canary is not undone by one bad moment, and is undone by one that lasts. */
class DoubtTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final StepJudge.Verdict SLOW = verdict(100, 80, 600, 10);
  private static final StepJudge.Verdict QUICK = verdict(100, 10, 600, 10);
  private static final StepJudge.Verdict SLOW_BUT_FEW = verdict(20, 80, 600, 10);

  @Test
  void whatSeemsSlowOnceIsInDoubtUntilWhatCameSinceSaysTheSame() {
    Instant soon = START.plus(Doubt.LEAST).minusMillis(1);
    Instant late = START.plus(Doubt.LEAST);
    assertThat(Doubt.of(QUICK, null, null, START)).isEqualTo(Doubt.NONE);
    assertThat(Doubt.of(SLOW, null, null, START)).isEqualTo(Doubt.BEGINS);
    assertThat(Doubt.of(SLOW, START, SLOW, soon)).isEqualTo(Doubt.LASTS);
    assertThat(Doubt.of(SLOW, START, SLOW_BUT_FEW, late)).isEqualTo(Doubt.LASTS);
    assertThat(Doubt.of(SLOW, START, QUICK, late)).isEqualTo(Doubt.DISPELLED);
    assertThat(Doubt.of(QUICK, START, SLOW_BUT_FEW, soon)).isEqualTo(Doubt.DISPELLED);
    assertThat(Doubt.of(SLOW, START, SLOW, late)).isEqualTo(Doubt.CONFIRMED);
  }

  @Test
  void equalVersionsOnAMachineThatPausesAreHardlyEverTakenForDifferent() {
    int taken = 0;
    int seemed = 0;
    for (int seed = 0; seed < 300; seed++) {
      var machine = new Machine(seed, 1);
      taken += machine.undoneAfter() < Integer.MAX_VALUE ? 1 : 0;
      seemed += machine.everSeemedSlow ? 1 : 0;
    }
    assertThat(seemed)
        .as("minutes in which one window alone would have undone it")
        .isPositive();
    assertThat(taken).as("of 300 minutes").isLessThanOrEqualTo(3).isLessThan(seemed / 4);
  }

  @Test
  void aVersionThatIsReallySlowerIsUndoneWithinSeconds() {
    int[] seconds = IntStream.range(0, 50)
        .map(seed -> new Machine(seed, 4).undoneAfter())
        .sorted()
        .toArray();
    assertThat(seconds[25]).as("half of them").isLessThanOrEqualTo(15);
    assertThat(seconds[49]).as("the last, on which the pauses fell").isLessThanOrEqualTo(60);
  }

  private static StepJudge.Verdict verdict(long released, int millis, long live, int liveMillis) {
    return StepJudge.judge(
        StepLimits.defaults(),
        new Observed.Window(
            StepJudgeTest.stats(released, 0, 0, millis),
            StepJudgeTest.stats(live, 0, 0, liveMillis)),
        2,
        1,
        START,
        START);
  }

  /**
   * A minute of 100 requests a second, 10 % of them to the new version, looked at each second. A request takes about a millisecond;
   * every ten seconds or so the machine pauses for up to 400 ms, and who comes then waits.
   */
  private static final class Machine {
    private final Random random;
    private final double factor;
    private boolean everSeemedSlow;

    Machine(int seed, double factor) {
      this.random = new Random(seed);
      this.factor = factor;
    }

    /** In seconds; never: the largest number. */
    int undoneAfter() {
      long[] released = new long[LatencyHistogram.BUCKETS];
      long[] live = new long[LatencyHistogram.BUCKETS];
      Observed first = observed(0, released, live);
      for (int second = 1; second <= 60; second++) {
        count(released, live);
        Observed now = observed(second, released, live);
        StepJudge.Verdict window = judge(first, now);
        Observed since = first.doubt();
        everSeemedSlow |= window.slow() != null;
        Doubt doubt = Doubt.of(
            window,
            since == null ? null : since.since(),
            since == null ? null : judge(since, now),
            now.since());
        if (doubt == Doubt.CONFIRMED) {
          return second;
        }
        first = switch (doubt) {
          case BEGINS -> first.doubtedFrom(now);
          case DISPELLED -> since;
          default -> first;
        };
      }
      return Integer.MAX_VALUE;
    }

    private void count(long[] released, long[] live) {
      double pause = random.nextInt(10) == 0 ? 0.4 * random.nextDouble() : 0;
      for (int request = 0; request < 100; request++) {
        boolean isReleased = random.nextInt(10) == 0;
        double waits = Math.max(0, pause - random.nextDouble());
        double millis =
            (1 + Math.exp(random.nextGaussian() / 2)) * (isReleased ? factor : 1) + 1_000 * waits;
        (isReleased ? released : live)[LatencyHistogram.bucketOf((long) (millis * 1_000_000))]++;
      }
    }

    private static Observed observed(int second, long[] released, long[] live) {
      return new Observed(
          START.plusSeconds(second),
          false,
          Map.of("r", new Observed.Counts(START, stats(released), stats(live))),
          null);
    }

    private static Stats stats(long[] counts) {
      LatencyHistogram histogram = LatencyHistogram.of(counts);
      return new Stats(histogram.count(), 0, 0, histogram);
    }

    private static StepJudge.Verdict judge(Observed from, Observed to) {
      return StepJudge.judge(StepLimits.defaults(), from.until(to), 2, 1, from.since(), to.since());
    }
  }
}
