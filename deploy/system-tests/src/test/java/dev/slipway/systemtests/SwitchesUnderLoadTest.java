package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import dev.slipway.systemtests.scenario.PredictLoad;
import dev.slipway.systemtests.scenario.RollbackTimes;
import dev.slipway.systemtests.scenario.SwitchesUnderLoad;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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

  /** The gateway has the bytes already, but as another version: it loads them once more before the switch, not after it. */
  @Test
  void aVersionOfTheSameBytesGoesLiveWithoutAGap() {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {
      RegistryApi registry = cluster.registry();
      IrisModels.register(registry, "twins");
      registry.promote("twins", 1);
      List<URI> gateway = List.of(cluster.servings().getFirst().url());
      try (var load = PredictLoad.on(gateway, "twins", IrisModels.ROW, 4, Duration.ZERO)) {
        for (int version = 3; version < 8; version++) {
          registry.addVersion("twins", IrisModels.onnx(1));
          registry.promote("twins", version);
        }
        List<PredictLoad.Sample> samples = load.take();

        assertThat(samples).extracting(PredictLoad.Sample::version).contains(1, 7);
        assertThat(samples).noneMatch(PredictLoad.Sample::failed);
      }
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
