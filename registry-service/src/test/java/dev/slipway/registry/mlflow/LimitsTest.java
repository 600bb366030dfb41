package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Database;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is as large as it may be goes in; what is larger is refused in the form that MLflow's clients read, wherever that happens. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class LimitsTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int LONGEST_PROFILE = 16_777_215;
  private static final long POINTS = 1_000_000;

  @Inject
  Database database;

  @Inject
  ObjectMapper json;

  private static Map<String, Object> dataset(int profileLength) {
    Map<String, String> dataset = Map.of(
        "name",
        "iris",
        "digest",
        "d" + profileLength,
        "source_type",
        "local",
        "source",
        "x",
        "profile",
        "\"".repeat(profileLength));
    return Map.of("dataset", dataset, "tags", List.of());
  }

  @Test
  void aProfileOfSixteenMebibytesIsKeptThoughItIsQuotedAndOneMoreCharacterIsRefused()
      throws IOException {
    String run = newRun(newExperiment());

    post("runs/log-inputs", Map.of("run_id", run, "datasets", List.of(dataset(LONGEST_PROFILE))))
        .statusCode(200);
    post(
            "runs/log-inputs",
            Map.of("run_id", run, "datasets", List.of(dataset(LONGEST_PROFILE + 1))))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));

    byte[] kept = given()
        .queryParam("run_id", run)
        .get("/api/2.0/mlflow/runs/get")
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
    JsonNode inputs = json.readTree(kept).at("/run/inputs/dataset_inputs");
    assertThat(inputs).hasSize(1);
    assertThat(inputs.at("/0/dataset/profile").asText()).hasSize(LONGEST_PROFILE);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedInMlflowsFormBeforeItIsRead() {
    given()
        .contentType("application/json")
        .body(new byte[16 * MEBIBYTE + 1])
        .post("/api/2.0/mlflow/runs/log-parameter")
        .then()
        .statusCode(413)
        .contentType("application/json")
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", containsString("at most 16 MiB"));
  }

  @Test
  void aBodyOfUnknownLengthThatIsTooLargeIsRefusedInMlflowsForm()
      throws IOException, InterruptedException {
    var body = HttpRequest.BodyPublishers.ofInputStream(
        () -> new ByteArrayInputStream(new byte[40 * MEBIBYTE + 1]));
    URI uri = URI.create(io.restassured.RestAssured.baseURI + ":" + io.restassured.RestAssured.port
        + "/api/2.0/mlflow/runs/log-inputs");
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer = client.send(
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .POST(body)
              .build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));

      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(json.readTree(answer.body()).path("error_code").asText())
          .isEqualTo("INVALID_PARAMETER_VALUE");
    }
  }

  @Test
  void aPathOrMethodThatIsNotThereIsAnsweredInMlflowsForm() {
    given()
        .get("/api/2.0/mlflow/no/such")
        .then()
        .statusCode(404)
        .contentType("application/json")
        .body("error_code", equalTo("ENDPOINT_NOT_FOUND"));
    given()
        .get("/ajax-api/2.0/mlflow/no/such")
        .then()
        .statusCode(404)
        .body("error_code", equalTo("ENDPOINT_NOT_FOUND"));
    given()
        .put("/api/2.0/mlflow/runs/create")
        .then()
        .statusCode(405)
        .body("error_code", equalTo("BAD_REQUEST"));
    given().get("/api/v1/no/such").then().contentType("application/problem+json");
  }

  @Test
  void aBatchIsTakenUpToAThousandEntriesAndAMegabyte() {
    String run = newRun(newExperiment());
    List<Map<String, Object>> metrics = points(800);

    post(
            "runs/log-batch",
            Map.of(
                "run_id",
                run,
                "metrics",
                metrics,
                "params",
                pairs("p", 100),
                "tags",
                pairs("t", 100)))
        .statusCode(200);
    refused(Map.of("run_id", run, "metrics", metrics, "params", pairs("q", 101)), "100");
    refused(Map.of("run_id", run, "metrics", metrics, "tags", pairs("t", 101)), "100");
    refused(
        Map.of(
            "run_id",
            run,
            "metrics",
            points(801),
            "params",
            pairs("q", 100),
            "tags",
            pairs("t", 100)),
        "1000");
    // MLflow counts the fields of a batch where it means to count its bytes.
    post(
            "runs/log-batch",
            Map.of("run_id", run, "params", List.of(Mlflow.pair("p", "x".repeat(1_000_001)))))
        .statusCode(200);
  }

  @Test
  void keysOfMetricsParametersAndTagsHaveTwoHundredAndFiftyCharacters() {
    String run = newRun(newExperiment());
    String longest = "k".repeat(250);
    for (String[] kind : new String[][] {{"log-parameter"}, {"set-tag"}}) {
      post("runs/" + kind[0], Map.of("run_id", run, "key", longest, "value", "v"))
          .statusCode(200);
      post("runs/" + kind[0], Map.of("run_id", run, "key", longest + "k", "value", "v"))
          .statusCode(400)
          .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    }
    Map<String, Object> metric =
        Map.of("run_id", run, "key", longest + "k", "value", 1, "timestamp", 1, "step", 0);
    post("runs/log-metric", metric)
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
  }

  @Test
  void theHistoryOfAMillionPointsIsPagedToItsEndAndSampled() throws IOException {
    String run = newRun(newExperiment());
    database.update(
        "insert into metric (run, key, timestamp, step, value, is_nan)"
            + " select r.id, 'loss', i, i, i, false from run r, generate_series(1, ?) i where r.run_id = ?",
        POINTS,
        run);

    JsonNode last = page(run, "");
    long seen = last.path("metrics").size();
    while (last.has("next_page_token")) {
      last = page(run, last.path("next_page_token").asText());
      seen += last.path("metrics").size();
    }
    assertThat(seen).isEqualTo(POINTS);
    assertThat(last.path("metrics")
            .path(last.path("metrics").size() - 1)
            .path("step")
            .asLong())
        .isEqualTo(POINTS);

    List<Integer> steps = get(
            "metrics/get-history-bulk-interval",
            Map.of("run_ids", run, "metric_key", "loss", "max_results", 1000))
        .statusCode(200)
        .extract()
        .path("metrics.step");
    assertThat(steps).hasSize(1000).startsWith(1).endsWith((int) POINTS).isSorted();
  }

  private JsonNode page(String run, String token) throws IOException {
    byte[] page = given()
        .queryParams(Map.of(
            "run_id", run, "metric_key", "loss", "max_results", 250_000, "page_token", token))
        .get("/api/2.0/mlflow/metrics/get-history")
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
    return json.readTree(page);
  }

  private static List<Map<String, Object>> points(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Mlflow.metric("m" + i, i, 1, 0))
        .toList();
  }

  private static List<Map<String, Object>> pairs(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> Mlflow.pair(prefix + i, "v")).toList();
  }

  private static void refused(Map<String, Object> batch, String why) {
    post("runs/log-batch", batch)
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", containsString(why));
  }
}
