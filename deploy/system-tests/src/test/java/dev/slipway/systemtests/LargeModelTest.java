package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.LargeModel;
import org.junit.jupiter.api.Test;

class LargeModelTest {

  /** Three times the heap: nothing can hold the file whole. `slipway drill large-model` does 2 GiB at 256 MiB. */
  @Test
  void aModelLargerThanEitherHeapIsUploadedServedAndRight() throws Exception {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withHeap("128m"))) {

      LargeModel.Result result = LargeModel.run(cluster, 384L << 20);

      assertThat(result.faults()).isEmpty();
    }
  }
}
