package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.metric;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.StatementCount;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** MLflow's pages ask by GraphQL, and read what the REST calls say. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class GraphqlTest {
  private static ValidatableResponse ask(String query) {
    return given()
        .contentType("application/json; charset=utf-8")
        .body(Map.of("query", query))
        .post("/graphql")
        .then();
  }

  private static String searchOf(String experiment) {
    return "mutation { mlflowSearchRuns(input: {experimentIds: [\"" + experiment
        + "\"]}) { runs { info { runId } experiment { experimentId } modelVersions { version } } } }";
  }

  @Test
  void aRunComesWithItsExperimentAndItsVersions() {
    String model = newModel();
    String experiment = newExperiment();
    String run = newRun(experiment);
    post("model-versions/create", Map.of("name", model, "source", "runs:/x/model", "run_id", run))
        .statusCode(200);

    ask("query q @component(name: \"Test\") { mlflowGetRun(input: {runId: \"" + run
            + "\"}) { apiError { code } run { info { status startTime endTime } experiment { experimentId }"
            + " modelVersions { name version aliases } } } }")
        .statusCode(200)
        .body("errors", nullValue())
        .body("data.mlflowGetRun.apiError", nullValue())
        .body("data.mlflowGetRun.run.info.status", equalTo("RUNNING"))
        .body("data.mlflowGetRun.run.info.startTime", equalTo("1"))
        .body("data.mlflowGetRun.run.info.endTime", equalTo("0"))
        .body("data.mlflowGetRun.run.experiment.experimentId", equalTo(experiment))
        .body("data.mlflowGetRun.run.modelVersions[0].name", equalTo(model))
        .body("data.mlflowGetRun.run.modelVersions[0].aliases", equalTo(List.of()));
  }

  @Test
  void aMetricThatIsNoNumberIsNull() {
    String run = newRun(newExperiment());
    Mlflow.log(run, "metrics", List.of(metric("bad", "NaN", 2, 2), metric("good", 123.5, 1, 1)));

    ask("{ mlflowGetRun(input: {runId: \"" + run
            + "\"}) { run { data { metrics { key value step } params { key } } } } }")
        .body("errors", nullValue())
        .body("data.mlflowGetRun.run.data.metrics.key", equalTo(List.of("bad", "good")))
        .body("data.mlflowGetRun.run.data.metrics[0].value", nullValue())
        .body("data.mlflowGetRun.run.data.metrics[1].value", equalTo(123.5f))
        .body("data.mlflowGetRun.run.data.metrics[1].step", equalTo("1"))
        .body("data.mlflowGetRun.run.data.params", equalTo(List.of()));
  }

  @Test
  void aSearchLooksUpWhatBelongsToItsRunsForAllOfThemAtOnce() {
    String one = newExperiment();
    newRun(one);
    String many = newExperiment();
    IntStream.range(0, 20).forEach(i -> newRun(many, i));

    long forOne = StatementCount.leastOf(() -> ask(searchOf(one)).body("errors", nullValue()));
    long forMany = StatementCount.leastOf(() -> assertThat(ask(searchOf(many))
            .body("errors", nullValue())
            .extract()
            .<List<String>>path("data.mlflowSearchRuns.runs.experiment.experimentId"))
        .hasSize(20)
        .containsOnly(many));

    assertThat(forMany).isEqualTo(forOne);
  }

  @Test
  void variablesAndOperationNamesCount() {
    String experiment = newExperiment();
    Map<String, Object> body = Map.of(
        "query",
        "query one($id: String) { mlflowGetExperiment(input: {experimentId: $id}) { experiment { lifecycleStage } } }"
            + " query two { test(inputString: \"abc\") { output } }",
        "variables",
        Map.of("id", experiment),
        "operationName",
        "one");

    given()
        .contentType("application/json")
        .body(body)
        .post("/graphql")
        .then()
        .statusCode(200)
        .body("data.mlflowGetExperiment.experiment.lifecycleStage", equalTo("active"));
  }

  @Test
  void artifactsHistoriesAndVersionsAreReadByTheirOwnCallsNames() {
    String run = newRun(newExperiment());
    String root =
        post("runs/update", Map.of("run_id", run)).extract().path("run_info.artifact_uri");
    given()
        .body("hello world")
        .put("/api/2.0/mlflow-artifacts/artifacts/" + root.replace("mlflow-artifacts:/", "")
            + "/folder/test.txt")
        .then()
        .statusCode(200);
    Mlflow.log(run, "metrics", List.of(metric("m", 1, 1, 0), metric("m", 2, 2, 1)));

    ask("{ top: mlflowListArtifacts(input: {runId: \"" + run
            + "\"}) { files { path isDir fileSize } } below: mlflowListArtifacts(input: {runId: \""
            + run
            + "\", path: \"folder\"}) { files { path isDir fileSize } }"
            + " mlflowGetMetricHistoryBulkInterval(input: {runIds: [\"" + run
            + "\"], metricKey: \"m\"}) { metrics { value runId } }"
            + " mlflowSearchModelVersions(input: {filter: \"run_id='" + run
            + "'\", maxResults: 5}) { modelVersions { name } } }")
        .body("errors", nullValue())
        .body(
            "data.top.files",
            equalTo(List.of(Map.of("path", "folder", "isDir", true, "fileSize", "0"))))
        .body(
            "data.below.files",
            equalTo(List.of(Map.of("path", "folder/test.txt", "isDir", false, "fileSize", "11"))))
        .body("data.mlflowGetMetricHistoryBulkInterval.metrics.value", equalTo(List.of(1f, 2f)))
        .body("data.mlflowSearchModelVersions.modelVersions", equalTo(List.of()));
  }

  @Test
  void whatIsRefusedSaysWhatTheRestCallSays() {
    ask("{ mlflowGetRun(input: {runId: \"gone\"}) { run { info { runId } } } }")
        .statusCode(200)
        .body("errors[0]", containsString("Run with id=gone not found"))
        .body("data.mlflowGetRun", nullValue());
    ask("{ mlflowGetRun(").statusCode(400).body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    ask("{ noSuchThing }").statusCode(200).body("errors[0]", containsString("noSuchThing"));
  }

  @Test
  void aQueryThatAsksForTooMuchIsNotLookedAt() {
    String fields = IntStream.range(0, 12)
        .mapToObj(i -> "k" + i + ": test(inputString: \"a\") { output }")
        .collect(Collectors.joining(" "));
    ask("{ " + fields + " }")
        .statusCode(200)
        .body("data", nullValue())
        .body("errors[0]", startsWith("GraphQL queries should have at most 10 root fields"));

    String aliases =
        IntStream.range(0, 12).mapToObj(i -> "a" + i + ": name").collect(Collectors.joining(" "));
    ask("query q { mlflowGetExperiment(input: {}) { experiment { ...all } } } fragment all on MlflowExperiment { "
            + aliases + " }")
        .body("errors[0]", startsWith("GraphQL queries should have at most 10 aliases"));

    ask("{ a " + "{ a ".repeat(11) + "}".repeat(11) + " }")
        .body("errors[0]", equalTo("Query exceeds maximum depth of 10"));

    String wide = IntStream.range(0, 1002).mapToObj(i -> "f" + i).collect(Collectors.joining(" "));
    ask("{ a { " + wide + " } }")
        .body("errors[0]", equalTo("Query exceeds maximum total selections of 1000"));
  }
}
