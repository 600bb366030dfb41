package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.delete;
import static dev.slipway.registry.mlflow.MlflowRegistry.move;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static dev.slipway.registry.mlflow.MlflowRegistry.newVersion;
import static dev.slipway.registry.mlflow.MlflowRegistry.openPolicy;
import static dev.slipway.registry.mlflow.MlflowRegistry.postAs;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ModelVersionStagesTest {
  @Test
  void underAnOpenPolicyStagesAreLabels() {
    String model = newModel();
    openPolicy(model);
    for (int i = 0; i < 3; i++) {
      newVersion(model);
    }
    move(model, 1, "Production")
        .statusCode(200)
        .body("model_version.current_stage", equalTo("Production"));
    move(model, 2, "production")
        .statusCode(200)
        .body("model_version.current_stage", equalTo("Production"));
    move(model, 1, "None").statusCode(200);
    move(model, 1, "Production").statusCode(200);
    move(model, 1, "Production").statusCode(200);
    post(
            "model-versions/transition-stage",
            Map.of(
                "name",
                model,
                "version",
                "3",
                "stage",
                "Production",
                "archive_existing_versions",
                true))
        .statusCode(200);
    get("model-versions/get", Map.of("name", model, "version", "1"))
        .body("model_version.current_stage", equalTo("Archived"));
    get("model-versions/get", Map.of("name", model, "version", "2"))
        .body("model_version.current_stage", equalTo("Archived"));
    get("model-versions/get", Map.of("name", model, "version", "3"))
        .body("model_version.current_stage", equalTo("Production"));
    assertThat(movedAt(model, 1)).isEqualTo(movedAt(model, 2)).isEqualTo(movedAt(model, 3));
  }

  /** To the microsecond. */
  private static String movedAt(String model, int version) {
    return given()
        .get("/api/v1/models/" + model + "/versions/" + version)
        .then()
        .statusCode(200)
        .extract()
        .path("updated_at");
  }

  @Test
  void archivingIsForActiveStagesOnlyAndTheMistakeIsTheClients() {
    String model = newModel();
    newVersion(model);
    post(
            "model-versions/transition-stage",
            Map.of(
                "name",
                model,
                "version",
                "1",
                "stage",
                "Archived",
                "archive_existing_versions",
                true))
        .statusCode(400)
        .body(
            "message",
            containsString(
                "cannot archive existing model versions because 'Archived' is not an Active stage"));
    move(model, 1, "nowhere")
        .statusCode(400)
        .body("message", startsWith("Invalid Model Version stage: nowhere"));
    move(model, 9, "Staging").statusCode(404);
  }

  @Test
  void underAReviewedPolicyAGuardedMoveIsAnsweredWithItsRequestEachTime() {
    String model = newModel();
    newVersion(model);
    move(model, 1, "Production").statusCode(409).body("error_code", equalTo("RESOURCE_CONFLICT"));
    guardStaging(model);

    Map<String, String> body = Map.of("name", model, "version", "1", "stage", "Staging");
    String message = postAs("alice", "model-versions/transition-stage", body)
        .statusCode(403)
        .body("error_code", equalTo("PERMISSION_DENIED"))
        .extract()
        .path("message");
    Matcher url = Pattern.compile("transition request (\\d+) .*(/api/v1/requests/(\\d+))$")
        .matcher(message);
    assertThat(url.find()).as(message).isTrue();
    assertThat(url.group(1)).isEqualTo(url.group(3));
    postAs("alice", "model-versions/transition-stage", body)
        .statusCode(403)
        .body("message", equalTo(message));

    given()
        .header("X-Slipway-User", "bob")
        .contentType("application/json")
        .body(Map.of())
        .post(url.group(2) + "/approve")
        .then()
        .statusCode(200);
    postAs("alice", "model-versions/transition-stage", body)
        .statusCode(200)
        .body("model_version.current_stage", equalTo("Staging"));
  }

  @Test
  void aStageMoveAndADeletionAreUpdatesOfTheModel() {
    String model = newModel();
    newVersion(model);
    newVersion(model);
    long created = lastUpdated(model);
    await().pollInSameThread().until(() -> System.currentTimeMillis() > created);

    move(model, 1, "Staging").statusCode(200);
    long moved = lastUpdated(model);
    assertThat(moved).isGreaterThan(created);
    await().pollInSameThread().until(() -> System.currentTimeMillis() > moved);

    delete("model-versions/delete", Map.of("name", model, "version", "2")).statusCode(200);
    assertThat(lastUpdated(model)).isGreaterThan(moved);
  }

  private static long lastUpdated(String model) {
    return get("registered-models/get", Map.of("name", model))
        .extract()
        .path("registered_model.last_updated_timestamp");
  }

  private static void guardStaging(String model) {
    given()
        .header("X-Slipway-User", "root")
        .contentType("application/json")
        .body(Map.of("mode", "reviewed", "moves", Map.of("Staging", Map.of("approvals", 1))))
        .put("/api/v1/models/" + model + "/policy")
        .then()
        .statusCode(200);
  }
}
