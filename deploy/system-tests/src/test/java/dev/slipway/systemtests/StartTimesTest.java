package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.StartTimes;
import org.junit.jupiter.api.Test;

/** {@code drill start} in short. */
class StartTimesTest {
  @Test
  void aGatewayThatStartsIsAwayOrNotReadyAndThenAnswers() {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {
      StartTimes.Result result = StartTimes.run(cluster, 2);

      assertThat(result.faults()).isEmpty();
      assertThat(result.starts()).hasSize(2).allSatisfy(start -> {
        assertThat(start.first()).isPositive();
        assertThat(start.processor()).isPositive();
        assertThat(start.resident()).isPositive();
      });
    }
  }
}
