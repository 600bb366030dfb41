package dev.slipway.registry.mlflow;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The calls that a client makes, as short as tests want them. */
final class Mlflow {
  private static final String API = "/api/2.0/mlflow/";

  private Mlflow() {}

  static ValidatableResponse post(String path, Map<String, ?> body) {
    return given().contentType("application/json").body(body).post(API + path).then();
  }

  static ValidatableResponse get(String path, Map<String, ?> parameters) {
    return given().queryParams(parameters).get(API + path).then();
  }

  static String newExperiment() {
    return post("experiments/create", Map.of("name", "e-" + UUID.randomUUID()))
        .statusCode(200)
        .extract()
        .path("experiment_id");
  }

  static String newRun(String experimentId) {
    return newRun(experimentId, 1);
  }

  static String newRun(String experimentId, long startTime) {
    return post("runs/create", Map.of("experiment_id", experimentId, "start_time", startTime))
        .statusCode(200)
        .extract()
        .path("run.info.run_id");
  }

  static void log(String runId, String kind, List<Map<String, Object>> entries) {
    post("runs/log-batch", Map.of("run_id", runId, kind, entries)).statusCode(200);
  }

  static Map<String, Object> metric(String key, Object value, long timestamp, long step) {
    return Map.of("key", key, "value", value, "timestamp", timestamp, "step", step);
  }

  static Map<String, Object> pair(String key, String value) {
    return Map.of("key", key, "value", value);
  }

  static List<String> searchRuns(String experimentId, String filter, String... orderBy) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("experiment_ids", List.of(experimentId));
    body.put("filter", filter);
    body.put("order_by", List.of(orderBy));
    List<String> ids = post("runs/search", body).statusCode(200).extract().path("runs.info.run_id");
    return ids == null ? List.of() : ids;
  }
}
