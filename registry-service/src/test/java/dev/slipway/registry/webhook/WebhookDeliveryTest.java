package dev.slipway.registry.webhook;

import static dev.slipway.registry.webhook.Hooks.API;
import static dev.slipway.registry.webhook.Hooks.delete;
import static dev.slipway.registry.webhook.Hooks.event;
import static dev.slipway.registry.webhook.Hooks.hook;
import static dev.slipway.registry.webhook.Hooks.mlflow;
import static dev.slipway.registry.webhook.Hooks.model;
import static dev.slipway.registry.webhook.Hooks.patch;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.webhook.TestReceiver.Delivered;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
@TestProfile(WebhookDeliveryTest.Local.class)
class WebhookDeliveryTest {
  /** As {@code slipway up} configures it, with encrypted secrets. */
  public static class Local implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "slipway.webhooks.allow-insecure", "true",
          "slipway.webhooks.secret-key", "a key for tests",
          "slipway.webhooks.timeout", "2s");
    }
  }

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
  void aWebhookIsToldWithinASecondAndInMlflowsForm() {
    hook(receiver, "MODEL_VERSION", "CREATED", "s3cret");
    String model = model();
    mlflow("model-versions/create", Map.of("name", model, "source", "s3://b/m", "run_id", "r1"));

    Delivered delivered = receiver.next(Duration.ofSeconds(1));
    JsonPath body = JsonPath.from(delivered.body());
    assertThat(body.getString("entity")).isEqualTo("model_version");
    assertThat(body.getString("action")).isEqualTo("created");
    assertThat(body.getString("timestamp")).isNotBlank();
    assertThat(body.getMap("data"))
        .containsEntry("name", model)
        .containsEntry("version", "1")
        .containsEntry("source", "s3://b/m")
        .containsEntry("run_id", "r1")
        .containsEntry("description", null);
    assertThat(delivered.header("Content-Type")).startsWith("application/json");
    assertThat(delivered.header("X-MLflow-Signature"))
        .isEqualTo(Signature.of(
            "s3cret",
            delivered.header("X-MLflow-Delivery-Id"),
            Long.parseLong(delivered.header("X-MLflow-Timestamp")),
            delivered.body()));
  }

  @Test
  void withoutASecretNothingIsSigned() {
    hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    String model = model();
    Delivered delivered = receiver.next(Duration.ofSeconds(5));
    assertThat(delivered.header("X-MLflow-Signature")).isNull();
    assertThat(JsonPath.from(delivered.body()).getString("data.name")).isEqualTo(model);
  }

  @Test
  void tagsAndAliasesAreTold() {
    for (String[] event : new String[][] {
      {"MODEL_VERSION_TAG", "SET"}, {"MODEL_VERSION_TAG", "DELETED"},
      {"MODEL_VERSION_ALIAS", "CREATED"}, {"MODEL_VERSION_ALIAS", "DELETED"}
    }) {
      hook(receiver, event[0], event[1], null);
    }
    String model = model();
    mlflow("model-versions/create", Map.of("name", model, "source", "s3://b/m"));
    mlflow(
        "model-versions/set-tag", Map.of("name", model, "version", "1", "key", "k", "value", "v"));
    expect(
        "model_version_tag.set", Map.of("name", model, "version", "1", "key", "k", "value", "v"));
    delete("model-versions/delete-tag", Map.of("name", model, "version", "1", "key", "k"));
    expect("model_version_tag.deleted", Map.of("name", model, "version", "1", "key", "k"));
    mlflow("registered-models/alias", Map.of("name", model, "version", "1", "alias", "a"));
    expect("model_version_alias.created", Map.of("name", model, "version", "1", "alias", "a"));
    delete("registered-models/alias", Map.of("name", model, "alias", "a"));
    expect("model_version_alias.deleted", Map.of("name", model, "alias", "a"));
  }

  @Test
  void aFailedDeliveryIsTriedAgainUnderItsOwnId() {
    receiver.answer(503, 500, 200);
    String id = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    model();
    Delivered first = receiver.next(Duration.ofSeconds(5));
    Delivered second = receiver.next(Duration.ofSeconds(10));
    Delivered third = receiver.next(Duration.ofSeconds(10));
    assertThat(List.of(second, third)).allSatisfy(again -> {
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.header("X-MLflow-Delivery-Id"))
          .isEqualTo(first.header("X-MLflow-Delivery-Id"));
    });
    await()
        .untilAsserted(() -> given()
            .get("/api/v1/webhooks/" + id + "/deliveries")
            .then()
            .body("deliveries[0].state", equalTo("delivered"))
            .body("deliveries[0].attempts", equalTo(3))
            .body("deliveries[0].response_status", equalTo(200)));
  }

  @Test
  void aRedirectIsNotFollowedAndARefusalIsNotRepeated() {
    receiver.answer(302);
    String id = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    model();
    receiver.next(Duration.ofSeconds(5));
    await()
        .untilAsserted(() -> given()
            .get("/api/v1/webhooks/" + id + "/deliveries")
            .then()
            .body("deliveries[0].state", equalTo("failed"))
            .body("deliveries[0].attempts", equalTo(1))
            .body("deliveries[0].response_status", equalTo(302)));
  }

  @Test
  void whatIsRolledBackIsNeverTold() {
    hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    String model = model();
    assertThat(receiver.next(Duration.ofSeconds(5)).body()).contains(model);
    given()
        .contentType("application/json")
        .body(Map.of("name", model))
        .post(API + "registered-models/create")
        .then()
        .statusCode(400);
    String other = model();
    assertThat(receiver.next(Duration.ofSeconds(5)).body()).contains(other);
  }

  @Test
  void aDisabledWebhookIsToldNothing() {
    String id = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    patch(id, Map.of("status", "DISABLED"))
        .statusCode(200)
        .body("webhook.status", equalTo("DISABLED"));
    model();
    patch(id, Map.of("status", "ACTIVE")).statusCode(200);
    String told = model();
    assertThat(receiver.next(Duration.ofSeconds(5)).body()).contains(told);
  }

  @Test
  void stagesAndRequestsAreToldNativelyAndMlflowsClientDoesNotMeetThem() {
    String id = given()
        .contentType("application/json")
        .body(Map.of(
            "name", "native",
            "url", receiver.url(),
            "events", List.of("model_version.stage_changed", "transition_request.created")))
        .post("/api/v1/webhooks")
        .then()
        .statusCode(201)
        .body("signed", equalTo(false))
        .extract()
        .path("id");
    given().get(API + "webhooks").then().body("webhooks.webhook_id", not(hasItem(id)));
    given().get(API + "webhooks/" + id).then().statusCode(404);
    given().get("/api/v1/webhooks").then().body("webhooks.id", hasItem(id));

    String model = model();
    mlflow("model-versions/create", Map.of("name", model, "source", "s3://b/m"));
    given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(Map.of("version", 1, "to", "Staging"))
        .post("/api/v1/models/" + model + "/requests")
        .then()
        .statusCode(201);
    String first = label(receiver.next(Duration.ofSeconds(5)));
    String second = label(receiver.next(Duration.ofSeconds(5)));
    assertThat(List.of(first, second))
        .containsExactlyInAnyOrder("transition_request.created", "model_version.stage_changed");
    given().delete("/api/v1/webhooks/" + id).then().statusCode(204);
  }

  private void expect(String label, Map<String, Object> data) {
    Delivered delivered = receiver.next(Duration.ofSeconds(5));
    assertThat(label(delivered)).isEqualTo(label);
    assertThat(JsonPath.from(delivered.body()).<String, Object>getMap("data")).isEqualTo(data);
  }

  static String label(Delivered delivered) {
    JsonPath body = JsonPath.from(delivered.body());
    return body.getString("entity") + '.' + body.getString("action");
  }
}
