package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.scenario.MovingIn;
import org.junit.jupiter.api.Test;

/** The move in its shortest form; {@code slipway drill import} is the long one. */
class MovingInTest {
  @Test
  void anExperimentAndAModelMoveFromAnMlflowServerWithNothingLostAndServeOnceApproved()
      throws Exception {
    PythonEnv python = MovingIn.python();
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {

      MovingIn.Result result = MovingIn.run(cluster, python, 5);

      assertThat(result.told()).contains("moved 5 -> 4").containsPattern("transition request \\d+");
      assertThat(result.again()).as("a second run finds nothing to move").isEmpty();
      assertThat(result.faults()).as(result.compared()).isFalse();
      assertThat(result.answer().expect(200).version()).isEqualTo(3);
    }
  }
}
