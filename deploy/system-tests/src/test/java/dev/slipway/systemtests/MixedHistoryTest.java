package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.history.MixedHistory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MixedHistoryTest {

  @Test
  void everyAnswerIsExplainedBySomeOrderThoughARegistryIsKilledInBetween() throws Exception {
    ClusterPlan plan = ClusterPlan.usual().withDirectory().withRegistries(2).withServings(0);
    try (Cluster cluster = Cluster.start(plan)) {

      MixedHistory.Result result = MixedHistory.run(cluster, 800, Duration.ofSeconds(2), 7);

      assertThat(result.faults()).isEmpty();
      assertThat(result.done()).isGreaterThan(100);
      assertThat(result.refused()).isGreaterThan(100);
      assertThat(result.kills()).isPositive();
      assertThat(result.snapshots()).isPositive();
    }
  }
}
