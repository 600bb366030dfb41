package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.RacingPromotions;
import org.junit.jupiter.api.Test;

class RacingPromotionsTest {

  @Test
  void oneOfTwoPromotionsWinsAndTheOtherLearnsWhich() throws Exception {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withRegistries(2))) {

      RacingPromotions.Result result = RacingPromotions.run(cluster, 15);

      assertThat(result.faults()).isEmpty();
      assertThat(result.wins()).isGreaterThanOrEqualTo(15);
      assertThat(result.conflicts()).as("rounds in which the two really met").isPositive();
    }
  }
}
