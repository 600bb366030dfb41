package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.RollbackTimes;
import dev.slipway.systemtests.scenario.SwitchesUnderLoad;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SwitchesUnderLoadTest {
  private static final long MIB = 1 << 20;

  @Test
  void noRequestIsLostOrAnsweredByTheOldVersionOverTwoHundredSwitches() {
    // A heap that is touched for the first time is resident from then on: a large one would pass
    // for a leak.
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withHeap("128m"))) {

      SwitchesUnderLoad.Result result = SwitchesUnderLoad.run(cluster, 200, Duration.ofMillis(2));

      assertThat(result.faults()).isEmpty();
      assertThat(result.switches()).isGreaterThanOrEqualTo(200);
      assertThat(result.requests()).isGreaterThan(2_000);
      assertThat(result.after().openFiles()).isLessThan(result.before().openFiles() + 20);
      assertThat(result.after().residentBytes())
          .isLessThan(result.before().residentBytes() * 5 / 4 + 64 * MIB);
    }
  }

  @Test
  void aRollbackTakesEffectInAFractionOfASecondOnTwoGateways() throws Exception {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withServings(2))) {

      RollbackTimes.Result result =
          RollbackTimes.run(cluster, 10, 2, Duration.ofMillis(2), Duration.ofSeconds(2));

      assertThat(result.failed()).isZero();
      assertThat(result.effective(0.5)).isLessThan(Duration.ofMillis(500));
    }
  }
}
