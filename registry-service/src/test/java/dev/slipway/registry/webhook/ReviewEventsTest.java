package dev.slipway.registry.webhook;

import static dev.slipway.registry.webhook.Hooks.mlflow;
import static dev.slipway.registry.webhook.Hooks.model;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The events that MLflow has no words for: what happens around a request. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
@TestProfile(WebhookDeliveryTest.Local.class)
class ReviewEventsTest {
  private TestReceiver receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new TestReceiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void everyEventOfAReviewIsTold() {
    String id = given()
        .contentType("application/json")
        .body(Map.of(
            "name", "review",
            "url", receiver.url(),
            "events",
                List.of(
                    "policy.changed",
                    "check.reported",
                    "transition_request.bypassed",
                    "transition_request.applied",
                    "transition_request.expired")))
        .post("/api/v1/webhooks")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
    String model = model();
    mlflow("model-versions/create", Map.of("name", model, "source", "s3://b/m"));
    policy(model, Map.of("approvals", 1));
    assertThat(told(1)).containsExactly("policy.changed");
    int first = Scene.post(
            "alice", "/models/" + model + "/requests", Map.of("version", 1, "to", "Staging"))
        .path("id");
    Scene.post("bob", "/requests/" + first + "/checks", Map.of("name", "ci", "verdict", "red"));
    assertThat(told(1)).containsExactly("check.reported");
    Scene.post("rita", "/requests/" + first + "/bypass", Map.of("reason", "fire"));
    assertThat(told(2))
        .containsExactlyInAnyOrder("transition_request.bypassed", "transition_request.applied");
    policy(model, Map.of("approvals", 1, "expires_after", "PT0.01S"));
    assertThat(told(1)).containsExactly("policy.changed");
    mlflow("model-versions/create", Map.of("name", model, "source", "s3://b/m"));
    int second = Scene.post(
            "alice", "/models/" + model + "/requests", Map.of("version", 2, "to", "Staging"))
        .path("id");
    Scene.awaitSettled(second, "expired");
    assertThat(told(1)).containsExactly("transition_request.expired");
    given().delete("/api/v1/webhooks/" + id).then().statusCode(204);
  }

  @Test
  void commentsVoidApprovalsSettingsAndDeletionsAreTold() {
    String model = model();
    mlflow("model-versions/create", Map.of("name", model, "source", "s3://b/m"));
    policy(model, Map.of("approvals", 2));
    int request = Scene.post(
            "alice", "/models/" + model + "/requests", Map.of("version", 1, "to", "Staging"))
        .path("id");
    String id = given()
        .contentType("application/json")
        .body(Map.of(
            "name", "whatever-else",
            "url", receiver.url(),
            "events",
                List.of(
                    "transition_request.commented",
                    "approval.voided",
                    "settings.changed",
                    "model_version.deleted",
                    "registered_model.deleted")))
        .post("/api/v1/webhooks")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
    Scene.post("bob", "/requests/" + request + "/comments", Map.of("body", "why now?"));
    assertThat(told(1)).containsExactly("transition_request.commented");
    Scene.post("bob", "/requests/" + request + "/approve", Map.of()).then().statusCode(200);
    policy(model, Map.of("approvals", 1));
    assertThat(told(1)).containsExactly("approval.voided");
    Scene.put("alice", "/models/" + model + "/settings", Map.of("max_queue", 9))
        .then()
        .statusCode(200);
    assertThat(told(1)).containsExactly("settings.changed");
    Scene.post("alice", "/requests/" + request + "/withdraw", Map.of()).then().statusCode(200);
    deleted("/models/" + model + "/versions/1");
    assertThat(told(1)).containsExactly("model_version.deleted");
    deleted("/models/" + model);
    assertThat(told(1)).containsExactly("registered_model.deleted");
    given().delete("/api/v1/webhooks/" + id).then().statusCode(204);
  }

  private static void deleted(String path) {
    given().header("X-Slipway-User", "root").delete("/api/v1" + path).then().statusCode(204);
  }

  private static void policy(String model, Map<String, ?> staging) {
    Scene.put(
            "root",
            "/models/" + model + "/policy",
            Map.of(
                "mode", "reviewed",
                "moves", Map.of("Staging", staging),
                "bypass_roles", List.of("releaser")))
        .then()
        .statusCode(200);
  }

  private List<String> told(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> WebhookDeliveryTest.label(receiver.next(Duration.ofSeconds(5))))
        .toList();
  }
}
