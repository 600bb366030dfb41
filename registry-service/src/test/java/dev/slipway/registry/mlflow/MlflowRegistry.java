package dev.slipway.registry.mlflow;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The registry calls of a client. */
final class MlflowRegistry {
  private static final String API = "/api/2.0/mlflow/";

  private MlflowRegistry() {}

  static ValidatableResponse patch(String path, Map<String, ?> body) {
    return given().contentType("application/json").body(body).patch(API + path).then();
  }

  /** In alice's name: nobody deletes anonymously where versions are reviewed. */
  static ValidatableResponse delete(String path, Map<String, ?> body) {
    return given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(body)
        .delete(API + path)
        .then();
  }

  static ValidatableResponse postAs(String user, String path, Map<String, ?> body) {
    return given()
        .auth()
        .preemptive()
        .basic(user, "any")
        .contentType("application/json")
        .body(body)
        .post(API + path)
        .then();
  }

  static String newModel() {
    String name = "m-" + UUID.randomUUID();
    Mlflow.post("registered-models/create", Map.of("name", name)).statusCode(200);
    return name;
  }

  static String newVersion(String model) {
    return newVersion(model, "s3://elsewhere/" + model);
  }

  static String newVersion(String model, String source) {
    return Mlflow.post(
            "model-versions/create", Map.of("name", model, "source", source, "run_id", "made-up"))
        .statusCode(200)
        .extract()
        .path("model_version.version");
  }

  /** Stages of this model are labels from now on. */
  static void openPolicy(String model) {
    given()
        .header("X-Slipway-User", "root")
        .contentType("application/json")
        .body(Map.of("mode", "open"))
        .put("/api/v1/models/" + model + "/policy")
        .then()
        .statusCode(200);
  }

  static ValidatableResponse move(String model, int version, String stage) {
    return Mlflow.post(
        "model-versions/transition-stage",
        Map.of("name", model, "version", String.valueOf(version), "stage", stage));
  }

  static List<String> names(String filter, String... orderBy) {
    List<String> names = given()
        .queryParam("filter", filter)
        .queryParams(orderBy.length == 0 ? Map.of() : Map.of("order_by", List.of(orderBy)))
        .get(API + "registered-models/search")
        .then()
        .statusCode(200)
        .extract()
        .path("registered_models.name");
    return names == null ? List.of() : names;
  }

  /** Found versions as {@code name/number}. */
  static List<String> versions(String filter, String... orderBy) {
    List<Map<String, String>> found = given()
        .queryParam("filter", filter)
        .queryParams(orderBy.length == 0 ? Map.of() : Map.of("order_by", List.of(orderBy)))
        .get(API + "model-versions/search")
        .then()
        .statusCode(200)
        .extract()
        .path("model_versions");
    return found == null
        ? List.of()
        : found.stream()
            .map(version -> version.get("name") + '/' + version.get("version"))
            .toList();
  }
}
