package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.metric;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.move;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static dev.slipway.registry.mlflow.MlflowRegistry.newVersion;
import static dev.slipway.registry.mlflow.MlflowRegistry.openPolicy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.StatementCount;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a training loop and a release pipeline write all day takes no statement more than it needs. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class WriteStatementsTest {
  @Inject
  Database database;

  @Test
  void aVersionTakesFive() {
    String model = newModel();
    newVersion(model);
    Map<String, String> wanted = Map.of("name", model, "source", "s3://bench/1");

    assertThat(statements(() -> post("model-versions/create", wanted).statusCode(200)))
        .isLessThanOrEqualTo(5);
  }

  @Test
  void versionsThatComeTogetherTakeTwoEachAndShareTheRest() throws Exception {
    String model = newModel();
    Map<String, String> wanted = Map.of("name", model, "source", "s3://bench/1");
    int calls = 8;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long all = StatementCount.of(() -> {
        QuarkusTransaction.begin();
        database.list("select 1 from registered_model where name = ? for update", _ -> 1, model);
        List<Future<?>> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
          answers.add(threads.submit(() -> post("model-versions/create", wanted).statusCode(200)));
        }
        sleep(1000);
        QuarkusTransaction.rollback();
        answers.forEach(WriteStatementsTest::done);
      });

      // The first has a transaction of its own; who is late may have another one.
      assertThat(all).isLessThanOrEqualTo(1 + 2 * calls + 3 * 3);
    }
  }

  @Test
  void aVersionOfARunTakesItsFilesAndItsLineageInTwenty() {
    String model = newModel();
    String run = newRun(newExperiment());
    String root =
        post("runs/update", Map.of("run_id", run)).extract().path("run_info.artifact_uri");
    given()
        .body("flavors:\n  onnx:\n    data: model.onnx\n")
        .put("/api/2.0/mlflow-artifacts/artifacts/" + root.replace("mlflow-artifacts:/", "")
            + "/model/MLmodel")
        .then()
        .statusCode(200);
    Map<String, String> wanted =
        Map.of("name", model, "source", "runs:/" + run + "/model", "run_id", run);

    assertThat(statements(() -> post("model-versions/create", wanted).statusCode(200)))
        .isLessThanOrEqualTo(20);
  }

  @Test
  void aRunTakesTwoToCreateAndTwoToEnd() {
    String experiment = newExperiment();
    String run = newRun(experiment);

    assertThat(statements(() -> newRun(experiment))).isLessThanOrEqualTo(2);
    assertThat(statements(
            () -> post("runs/update", Map.of("run_id", run, "status", "FINISHED", "end_time", 2))
                .statusCode(200)))
        .isLessThanOrEqualTo(2);
  }

  @Test
  void metricsTakeTwoHoweverMany() {
    String run = newRun(newExperiment());

    assertThat(statements(() -> Mlflow.log(
            run,
            "metrics",
            List.of(metric("a", 1, 1, 1), metric("a", 2, 2, 2), metric("b", 1, 1, 1)))))
        .isLessThanOrEqualTo(2);
    assertThat(statements(() -> post(
                "runs/log-metric",
                Map.of("run_id", run, "key", "a", "value", 3, "timestamp", 3, "step", 3))
            .statusCode(200)))
        .isLessThanOrEqualTo(2);
  }

  @Test
  void aLabelMovesInTwenty() {
    String model = newModel();
    newVersion(model);
    openPolicy(model);

    assertThat(statements(() -> move(model, 1, "Staging").statusCode(200))).isLessThanOrEqualTo(20);
  }

  @Test
  void anAliasMovesInFourteen() {
    String model = newModel();
    newVersion(model);
    openPolicy(model);
    Map<String, String> alias = Map.of("name", model, "alias", "champion", "version", "1");

    assertThat(statements(() -> post("registered-models/alias", alias).statusCode(200)))
        .isLessThanOrEqualTo(14);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void done(Future<?> answer) {
    try {
      answer.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long statements(Runnable call) {
    return StatementCount.leastOf(call);
  }
}
