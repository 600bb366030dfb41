package dev.slipway.systemtests;

import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.PythonEnv;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A gateway of one model of several is what MLflow's scoring server is; MLflow's own client of that server is answered. */
class OneModelGatewayTest {
  private static final String MODEL = "mlp-torchscript";
  private static Cluster cluster;

  @BeforeAll
  static void serve() {
    cluster = Cluster.start(ClusterPlan.usual()
        .withDirectory()
        .withServingSettings(Map.of("slipway.serving.models", MODEL)));
    ClientChecks.serve(cluster, FixtureModels.get("iris-logreg"));
    ClientChecks.serve(cluster, FixtureModels.get(MODEL));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> mlflowsScoringClientIsAnswered() {
    PythonEnv python = PythonEnv.of(ClientChecks.script("mlflow.txt"));
    return ClientChecks.run(cluster, python, "scoring_client.py", List.of(MODEL));
  }
}
