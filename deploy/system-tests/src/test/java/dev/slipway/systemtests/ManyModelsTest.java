package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.ManyModels;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The drill in its shortest form; {@code slipway drill models} is the long one. */
class ManyModelsTest {
  @Test
  void everyModelAnswersAfterAStartAndASwapUnderFullLoadCostsNoRequest() throws Exception {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {

      ManyModels.Result result = ManyModels.run(cluster, 12, Duration.ofSeconds(1));

      assertThat(result.faults()).isEmpty();
      assertThat(result.all().requests()).isPositive();
      assertThat(result.swap().requests()).isPositive();
    }
  }
}
