package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.metric;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.pair;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls and corners of tracking that few clients reach. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class TrackingCornersTest {
  private static final String LOGGED = "logged-models";

  @Test
  void aRunIsMadeWithTagsOfAnyKeyAndNoneThatIsTooLong() {
    String experiment = newExperiment();
    post("runs/create", Map.of("experiment_id", experiment, "tags", List.of(pair("a//b?", "odd"))))
        .statusCode(200)
        .body("run.data.tags.key", hasItem("a//b?"));
    post(
            "runs/create",
            Map.of("experiment_id", experiment, "tags", List.of(pair("k".repeat(251), "v"))))
        .statusCode(400)
        .body("message", containsString("250"));
  }

  @Test
  void aRunIsNeverWithoutItsName() {
    String run = post("runs/create", Map.of("experiment_id", newExperiment(), "run_name", "kept"))
        .extract()
        .path("run.info.run_id");
    post("runs/set-tag", Map.of("run_id", run, "key", "mlflow.runName", "value", ""))
        .statusCode(200);
    Mlflow.log(run, "tags", List.of(pair("mlflow.runName", ""), pair("other", "x")));

    get("runs/get", Map.of("run_id", run))
        .body("run.info.run_name", equalTo("kept"))
        .body("run.data.tags.find { it.key == 'mlflow.runName' }.value", equalTo("kept"))
        .body("run.data.tags.key", hasItem("other"));
  }

  @Test
  void deletingATagThatIsNotThereIsNotFound() {
    post("runs/delete-tag", Map.of("run_id", newRun(newExperiment()), "key", "missing"))
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"));
  }

  @Test
  void anExperimentTakesAFreeNameWhileItIsActive() {
    String experiment = newExperiment();
    String other = "renamed-" + UUID.randomUUID();
    post("experiments/create", Map.of("name", other)).statusCode(200);
    post("experiments/update", Map.of("experiment_id", experiment, "new_name", other))
        .statusCode(400)
        .body("error_code", equalTo("RESOURCE_ALREADY_EXISTS"));
    post("experiments/update", Map.of("experiment_id", experiment, "new_name", other + "-2"))
        .statusCode(200);
    get("experiments/get", Map.of("experiment_id", experiment))
        .body("experiment.name", equalTo(other + "-2"));

    post("experiments/delete", Map.of("experiment_id", experiment)).statusCode(200);
    post("experiments/update", Map.of("experiment_id", experiment, "new_name", other + "-3"))
        .statusCode(400)
        .body("message", containsString("Cannot rename a non-active experiment"));
  }

  @Test
  void anExperimentKeepsFiftyCustomViews() {
    String experiment = newExperiment();
    for (int i = 0; i < 50; i++) {
      view(experiment, i).statusCode(200);
    }
    view(experiment, 49).statusCode(200);
    view(experiment, 50)
        .statusCode(400)
        .body("message", containsString("maximum number of custom views per experiment is 50"));
    List<Map<String, Object>> tooMany = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      tooMany.add(pair("mlflow.customView.view" + i, "v"));
    }
    post("experiments/create", Map.of("name", "e-" + UUID.randomUUID(), "tags", tooMany))
        .statusCode(400)
        .body("message", containsString("Unable to create another custom view;"));
  }

  private static ValidatableResponse view(String experiment, int number) {
    return post(
        "experiments/set-experiment-tag",
        Map.of(
            "experiment_id", experiment, "key", "mlflow.customView.view" + number, "value", "v"));
  }

  @Test
  void theDatasetsOfExperimentsAreFoundWithTheirContexts() {
    String experiment = newExperiment();
    String run = newRun(experiment);
    Map<String, Object> dataset =
        Map.of("name", "iris", "digest", "d1", "source_type", "local", "source", "{}");
    post(
            "runs/log-inputs",
            Map.of(
                "run_id",
                run,
                "datasets",
                List.of(Map.of(
                    "dataset", dataset, "tags", List.of(pair("mlflow.data.context", "training"))))))
        .statusCode(200);

    post("experiments/search-datasets", Map.of("experiment_ids", List.of(experiment)))
        .statusCode(200)
        .body("dataset_summaries", hasSize(1))
        .body("dataset_summaries[0].experiment_id", equalTo(experiment))
        .body("dataset_summaries[0].name", equalTo("iris"))
        .body("dataset_summaries[0].digest", equalTo("d1"))
        .body("dataset_summaries[0].context", equalTo("training"));
    post("experiments/search-datasets", Map.of("experiment_ids", List.of())).statusCode(400);
  }

  @Test
  void aModelLoggedTheOldWayStandsInItsRunsHistory() {
    String run = newRun(newExperiment());
    String model = "{\"artifact_path\": \"m\", \"flavors\": {\"onnx\": {\"config\": 1, \"v\": 2}},"
        + " \"utc_time_created\": \"now\", \"run_id\": \"" + run + "\"}";
    post("runs/log-model", Map.of("run_id", run, "model_json", model)).statusCode(200);
    post("runs/log-model", Map.of("run_id", run, "model_json", model)).statusCode(200);

    String history = get("runs/get", Map.of("run_id", run))
        .extract()
        .path("run.data.tags.find { it.key == 'mlflow.log-model.history' }.value");
    assertThat(history).contains("\"artifact_path\":\"m\"").doesNotContain("config");
    assertThat(history.split("utc_time_created", -1)).hasSize(3);
    post("runs/log-model", Map.of("run_id", run, "model_json", "{\"flavors\": {}}"))
        .statusCode(400)
        .body("message", containsString("artifact_path"));
    post("runs/log-model", Map.of("run_id", run, "model_json", "no json"))
        .statusCode(400)
        .body("message", containsString("Malformed model info"));
  }

  @Test
  void theHistoriesOfSeveralRunsComeInOneAnswer() {
    String experiment = newExperiment();
    String one = newRun(experiment);
    String other = newRun(experiment);
    Mlflow.log(one, "metrics", List.of(metric("loss", 2.0, 2, 1), metric("loss", 3.0, 1, 0)));
    Mlflow.log(other, "metrics", List.of(metric("loss", 5.0, 1, 0), metric("acc", 1.0, 1, 0)));

    List<Map<String, Object>> found = given()
        .queryParam("run_id", one, other)
        .queryParam("metric_key", "loss")
        .get("/ajax-api/2.0/mlflow/metrics/get-history-bulk")
        .then()
        .statusCode(200)
        .extract()
        .path("metrics");
    assertThat(found).hasSize(3);
    assertThat(found.stream().filter(it -> it.get("run_id").equals(one)))
        .extracting(it -> ((Number) it.get("value")).doubleValue())
        .containsExactly(3.0, 2.0);
    get("metrics/get-history-bulk", Map.of("metric_key", "loss")).statusCode(400);
    get("metrics/get-history-bulk", Map.of("run_id", one)).statusCode(400);
  }

  @Test
  void parametersOfALoggedModelAreAddedAndNeverChanged() {
    String model = loggedModel(newExperiment(), "m", "0.01");
    post(LOGGED + '/' + model + "/params", Map.of("params", List.of(pair("depth", "3"))))
        .statusCode(200);
    get(LOGGED + '/' + model, Map.of())
        .body("model.data.params.find { it.key == 'depth' }.value", equalTo("3"))
        .body("model.data.params.find { it.key == 'lr' }.value", equalTo("0.01"));
    post(LOGGED + '/' + model + "/params", Map.of("params", List.of(pair("depth", "4"))))
        .statusCode(400);
    post(LOGGED + "/m-missing/params", Map.of("params", List.of(pair("a", "b"))))
        .statusCode(404);
  }

  @ParameterizedTest
  @CsvSource({
    "params.lr = 0.01",
    "params.lr = '0.01'",
    "params.lr = \"0.01\"",
    "params.lr != 7",
    "AND params.lr = 0.01 AND AND name = m AND",
  })
  void aLoggedModelsParametersAreComparedWithNumbersToo(String filter) {
    String experiment = newExperiment();
    String model = loggedModel(experiment, "m", "0.01");
    if (filter.contains("!= 7")) {
      loggedModel(experiment, "other", "7");
    } else {
      loggedModel(experiment, "other", "0.02");
    }

    post(LOGGED + "/search", Map.of("experiment_ids", List.of(experiment), "filter", filter))
        .statusCode(200)
        .body("models.info.model_id", equalTo(List.of(model)));
  }

  @Test
  void loggedModelsAreOrderedByTheNumberOfTheirStatus() {
    String experiment = newExperiment();
    String ready = loggedModel(experiment, "ready", "1");
    String failed = loggedModel(experiment, "failed", "1");
    String pending = loggedModel(experiment, "pending", "1");
    finish(ready, "LOGGED_MODEL_READY");
    finish(failed, "LOGGED_MODEL_UPLOAD_FAILED");

    post(
            LOGGED + "/search",
            Map.of(
                "experiment_ids",
                List.of(experiment),
                "maxResults",
                0,
                "order_by",
                List.of(Map.of("field_name", "status"))))
        .statusCode(200)
        .body("models.info.model_id", equalTo(List.of(pending, ready, failed)));
  }

  private static void finish(String model, String status) {
    given()
        .contentType("application/json")
        .body(Map.of("model_id", model, "status", status))
        .patch("/api/2.0/mlflow/logged-models/" + model)
        .then()
        .statusCode(200);
  }

  private static String loggedModel(String experiment, String name, String rate) {
    return post(
            LOGGED,
            Map.of("experiment_id", experiment, "name", name, "params", List.of(pair("lr", rate))))
        .statusCode(200)
        .extract()
        .path("model.info.model_id");
  }

  @Test
  void linksIntoAStoreAreRefusedForProxiedArtifactsInMlflowsWords() {
    String run = newRun(newExperiment());
    post("artifacts/presigned-upload-url", Map.of("run_id", run, "path", "a/model.onnx"))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body(
            "message",
            equalTo("Presigned upload is not supported for proxied artifact storage "
                + "(artifact URI scheme: mlflow-artifacts). "
                + "This endpoint requires a direct cloud storage artifact URI."));
    post("artifacts/presigned-download-url", Map.of("run_id", run, "path", "a/model.onnx"))
        .statusCode(400)
        .body("message", containsString("for runs with proxied artifact storage"));
    post("artifacts/presigned-upload-url", Map.of("run_id", run, "model_id", "m-1", "path", "a"))
        .statusCode(400)
        .body("message", equalTo("Exactly one of run_id and model_id must be provided."));
    post("artifacts/presigned-upload-url", Map.of("run_id", run, "path", "../a"))
        .statusCode(400)
        .body("message", equalTo("Invalid path"));
    post("artifacts/presigned-upload-url", Map.of("model_id", "m-missing", "path", "a"))
        .statusCode(404);
    post(
            "artifacts/presigned-download-url",
            Map.of("run_id", run, "path", "a", "expiration", 604_801))
        .statusCode(400)
        .body("message", containsString("must be between 1 and 604800 seconds (got 604801)"));
    given()
        .get("/api/3.0/mlflow/server-info")
        .then()
        .body("presigned_upload_run_id_supported", equalTo(true));
  }

  @Test
  void linksIntoSomebodyElsesStoreAreNotSigned() {
    String experiment = post(
            "experiments/create",
            Map.of("name", "e-" + UUID.randomUUID(), "artifact_location", "s3://theirs/runs"))
        .extract()
        .path("experiment_id");
    post("artifacts/presigned-upload-url", Map.of("run_id", newRun(experiment), "path", "a"))
        .statusCode(501)
        .body("error_code", equalTo("NOT_IMPLEMENTED"));
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/openai/v1/chat/completions",
    "/ajax-api/3.0/jobs/search",
    "/signup",
    "/ajax-api/2.0/mlflow/gateway-proxy",
    "/api/3.0/mlflow/skills/search",
    "/api/2.0/mlflow/get-online-trace-details",
  })
  void whatIsLeftOutSaysSo(String path) {
    given().get(path).then().statusCode(501).body("error_code", equalTo("NOT_IMPLEMENTED"));
  }

  /** What is left out is left out where MLflow has it, and not wherever its name is. */
  @ParameterizedTest
  @ValueSource(strings = {"payment-gateway", "gateway", "signup"})
  void aModelMayHaveTheNameOfWhatIsLeftOut(String word) {
    String model = word + UUID.randomUUID();
    post("registered-models/create", Map.of("name", model)).statusCode(200);
    given().accept("text/html").get("/models/" + model).then().statusCode(200);
    given().get("/nothing/" + word).then().statusCode(404);
  }

  @Test
  void aVersionsFileIsReadByItsNumber() {
    String model = MlflowRegistry.newModel();
    given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(Map.of())
        .post("/api/v1/models/" + model + "/versions")
        .then()
        .statusCode(201);
    given().body("weights").put("/api/v1/models/" + model + "/versions/1/files/sub/model.onnx");
    given()
        .contentType("application/json")
        .body(Map.of())
        .post("/api/v1/models/" + model + "/versions/1/complete")
        .then()
        .statusCode(200);

    ofVersion(model, "1", "sub/model.onnx")
        .statusCode(200)
        .header("Content-Disposition", containsString("model.onnx"))
        .body(equalTo("weights"));
    ofVersion(model, "1", "sub/other").statusCode(404);
    ofVersion(model, "9", "sub/model.onnx").statusCode(404);
    ofVersion(model, "1", "../model.onnx").statusCode(400);
  }

  private static ValidatableResponse ofVersion(String model, String version, String path) {
    return given()
        .queryParams(Map.of("name", model, "version", version, "path", path))
        .get("/model-versions/get-artifact")
        .then();
  }
}
