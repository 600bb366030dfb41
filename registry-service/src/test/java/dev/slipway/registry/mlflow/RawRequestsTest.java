package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests by hand, answered as {@code mlflow server} 3.17 answers them. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RawRequestsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "experiment_id = '%s'",
        "experiment_id IN ('%s', '0')",
        "experiment_id = %s",
        "artifact_location LIKE 'mlflow-artifacts:/%s/%%'"
      })
  void aLoggedModelIsFoundByItsExperimentAndItsPlace(String filter) {
    String experiment = newExperiment();
    post("logged-models", Map.of("experiment_id", experiment, "name", "m")).statusCode(200);

    post(
            "logged-models/search",
            Map.of(
                "experiment_ids", List.of(experiment),
                "filter", filter.formatted(experiment),
                "order_by",
                    List.of(
                        Map.of("field_name", "experiment_id"),
                        Map.of("field_name", "artifact_location"))))
        .statusCode(200)
        .body("models.info.name", equalTo(List.of("m")));
    post(
            "logged-models/search",
            Map.of("experiment_ids", List.of(experiment), "filter", filter.formatted("0")))
        .statusCode(200)
        .body("models", nullValue());
  }

  @Test
  void ofARepeatedParameterTheFirstCounts() {
    String experiment = newExperiment();
    given()
        .queryParam("experiment_id", experiment, "0")
        .get("/api/2.0/mlflow/experiments/get")
        .then()
        .statusCode(200)
        .body("experiment.experiment_id", equalTo(experiment));
    given()
        .queryParam("experiment_id", "", experiment)
        .get("/api/2.0/mlflow/experiments/get")
        .then()
        .statusCode(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs/search", "logged-models/search", "experiments/search-datasets"})
  void anEmptyIdInAListIsNotTheDefaultExperiment(String path) {
    post(path, Map.of("experiment_ids", List.of("")))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", containsString("Invalid experiment ID ''"));
  }

  @ParameterizedTest
  @CsvSource({"'5.0', 5", "'1e3', 1000", "'-7', -7"})
  void aWholeNumberMayBeWrittenAsProtobufsJsonDoes(String step, int kept) {
    String run = newRun(newExperiment());
    post(
            "runs/log-metric",
            Map.of("run_id", run, "key", "m", "value", 1, "timestamp", 1, "step", step))
        .statusCode(200);
    get("metrics/get-history", Map.of("run_id", run, "metric_key", "m"))
        .body("metrics.step", equalTo(List.of(kept)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.5", "1e-3", "1e999999999", "five", "9223372036854775808"})
  void whatIsNoWholeNumberIsRefusedAndNothingKept(String timestamp) {
    String run = newRun(newExperiment());
    post("runs/log-metric", Map.of("run_id", run, "key", "m", "value", 1, "timestamp", timestamp))
        .statusCode(400);
    get("metrics/get-history", Map.of("run_id", run, "metric_key", "m"))
        .body("metrics", nullValue());
  }

  @ParameterizedTest
  @CsvSource({
    "nan, '\"NaN\"'",
    "NaN, '\"NaN\"'",
    "inf, 1.7976931348623157E308",
    "Infinity, 1.7976931348623157E308",
    "-inf, -1.7976931348623157E308"
  })
  void pythonsWordsForWhatIsNoFiniteNumberAreRead(String written, String kept) {
    String run = newRun(newExperiment());
    post("runs/log-metric", Map.of("run_id", run, "key", "m", "value", written, "timestamp", 1))
        .statusCode(200);
    String answer = get("metrics/get-history", Map.of("run_id", run, "metric_key", "m"))
        .extract()
        .asString();
    assertThat(answer).contains("\"value\":" + kept + ",");
  }

  @Test
  void aBodyWithMoreBehindItsObjectIsNoJson() {
    String run = newRun(newExperiment());
    given()
        .contentType("application/json")
        .body("{\"run_id\": \"" + run + "\", \"key\": \"k\", \"value\": \"v\"} and more")
        .post("/api/2.0/mlflow/runs/set-tag")
        .then()
        .statusCode(400)
        .body("message", containsString("Missing value for required parameter 'run_id'"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, LOGGED_MODEL_STATUS_UNSPECIFIED",
    "2, LOGGED_MODEL_READY",
    "3, LOGGED_MODEL_UPLOAD_FAILED"
  })
  void aLoggedModelIsFinishedByTheNumberOfItsStatus(int number, String status) {
    String model = post("logged-models", Map.of("experiment_id", newExperiment(), "name", "m"))
        .extract()
        .path("model.info.model_id");
    given()
        .body(Map.of("model_id", model, "status", number))
        .contentType("application/json")
        .patch("/api/2.0/mlflow/logged-models/" + model)
        .then()
        .statusCode(200)
        .body("model.info.status", equalTo(status));
  }
}
