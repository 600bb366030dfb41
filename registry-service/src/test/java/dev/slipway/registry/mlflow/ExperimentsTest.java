package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ExperimentsTest {
  @Test
  void theDefaultExperimentIsAlwaysThere() {
    get("experiments/get", Map.of("experiment_id", "0"))
        .statusCode(200)
        .body("experiment.name", equalTo("Default"))
        .body("experiment.artifact_location", equalTo("mlflow-artifacts:/0"))
        .body("experiment.tags", nullValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/runs", "/shared/runs", "runs-of-the-team"})
  void aLocationIsKeptAndARelativeFolderStartsWhereTheServerRuns(String location) {
    String experiment = post(
            "experiments/create",
            Map.of("name", "e-" + UUID.randomUUID(), "artifact_location", location))
        .statusCode(200)
        .extract()
        .path("experiment_id");
    String expected =
        location.contains("/") ? location : Path.of(location).toAbsolutePath().toString();
    get("experiments/get", Map.of("experiment_id", experiment))
        .body("experiment.artifact_location", equalTo(expected));
  }

  @Test
  void bothPrefixesAnswer() {
    given()
        .queryParam("experiment_id", "0")
        .get("/ajax-api/2.0/mlflow/experiments/get")
        .then()
        .statusCode(200)
        .body("experiment.experiment_id", equalTo("0"));
  }

  @Test
  void aNameIsTakenAlsoByADeletedExperiment() {
    String name = "taken-" + UUID.randomUUID();
    String id = post("experiments/create", Map.of("name", name)).extract().path("experiment_id");
    post("experiments/delete", Map.of("experiment_id", id)).statusCode(200);

    post("experiments/create", Map.of("name", name))
        .statusCode(400)
        .body("error_code", equalTo("RESOURCE_ALREADY_EXISTS"));
    get("experiments/get-by-name", Map.of("experiment_name", name))
        .statusCode(200)
        .body("experiment.lifecycle_stage", equalTo("deleted"));
  }

  @Test
  void deletingTakesTheRunsAlongAndRestoringBringsThemBack() {
    String id = newExperiment();
    String run = newRun(id);

    post("experiments/delete", Map.of("experiment_id", id)).statusCode(200);
    get("runs/get", Map.of("run_id", run)).body("run.info.lifecycle_stage", equalTo("deleted"));
    post("runs/create", Map.of("experiment_id", id))
        .statusCode(400)
        .body("message", containsString("must be in the 'active' state"));
    post("experiments/restore", Map.of("experiment_id", id)).statusCode(200);
    get("runs/get", Map.of("run_id", run)).body("run.info.lifecycle_stage", equalTo("active"));
  }

  @Test
  void searchPagesWithTokensAndFiltersByTag() {
    String mark = UUID.randomUUID().toString();
    for (int i = 0; i < 3; i++) {
      post(
              "experiments/create",
              Map.of(
                  "name",
                  mark + i,
                  "tags",
                  List.of(Mlflow.pair("mark", mark), Mlflow.pair("n", "" + i))))
          .statusCode(200);
    }
    Map<String, Object> query = new java.util.HashMap<>(Map.of(
        "filter", "tags.mark = '" + mark + "'", "max_results", 2, "order_by", List.of("name ASC")));

    var first = post("experiments/search", query)
        .statusCode(200)
        .body("experiments.name", equalTo(List.of(mark + 0, mark + 1)))
        .body("next_page_token", notNullValue());
    query.put("page_token", first.extract().path("next_page_token"));
    post("experiments/search", query)
        .body("experiments.name", equalTo(List.of(mark + 2)))
        .body("next_page_token", nullValue());
    get(
            "experiments/search",
            Map.of("filter", "tags.mark = '" + mark + "' AND tags.n != '1'", "max_results", 9))
        .body("experiments.name", containsInAnyOrder(mark + 0, mark + 2));
    get(
            "experiments/search",
            Map.of("filter", "attributes.name = '" + mark + "1'", "max_results", 9))
        .body("experiments.name", equalTo(List.of(mark + 1)));
  }

  @Test
  void tagsAreSetOverwrittenAndDeletedOnce() {
    String id = newExperiment();
    post("experiments/set-experiment-tag", Map.of("experiment_id", id, "key", "k", "value", "1"))
        .statusCode(200);
    post("experiments/set-experiment-tag", Map.of("experiment_id", id, "key", "k", "value", "2"))
        .statusCode(200);
    get("experiments/get", Map.of("experiment_id", id))
        .body("experiment.tags[0].value", equalTo("2"));

    post("experiments/delete-experiment-tag", Map.of("experiment_id", id, "key", "k"))
        .statusCode(200);
    post("experiments/delete-experiment-tag", Map.of("experiment_id", id, "key", "k"))
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"));
  }

  @Test
  void mistakesAreAnsweredInMlflowsForm() {
    post("experiments/create", Map.of())
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("error_class", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", containsString("Missing value for required parameter 'name'."));
    post("experiments/create", Map.of("name", 123))
        .statusCode(400)
        .body("message", containsString("Invalid value 123 for parameter 'name' supplied"));
    post("experiments/create", Map.of("name", "x", "tags", "5"))
        .statusCode(400)
        .body("message", containsString("Invalid value \"5\" for parameter 'tags'"));
    get("experiments/get", Map.of("experiment_id", "123456"))
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"));
    get("experiments/get", Map.of("experiment_id", "abc")).statusCode(400);
    given()
        .contentType("text/plain")
        .body("{}")
        .post("/api/2.0/mlflow/experiments/create")
        .then()
        .statusCode(400)
        .body("message", containsString("Content-Type must be one of ['application/json']"));
  }
}
