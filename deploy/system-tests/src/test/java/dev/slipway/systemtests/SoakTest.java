package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.Soak;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The soak in its shortest form; {@code slipway drill soak} is the long one. */
class SoakTest {
  @Test
  void nothingFailsAndNothingGrowsWhileVersionsSwitchUnderLoad() {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {

      Soak.Result result = Soak.run(cluster, Duration.ofSeconds(8), 0.7, Duration.ofSeconds(1));

      assertThat(result.faults()).isEmpty();
      assertThat(result.switches()).isGreaterThanOrEqualTo(4);
      assertThat(result.requests()).isGreaterThan(500);
      Soak.Reading first = result.secondHalf().getFirst();
      Soak.Reading last = result.secondHalf().getLast();
      assertThat(last.openFiles()).isLessThan(first.openFiles() + 20);
      assertThat(last.threads()).isLessThan(first.threads() + 20);
    }
  }
}
