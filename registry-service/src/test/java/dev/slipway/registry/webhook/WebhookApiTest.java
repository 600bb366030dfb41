package dev.slipway.registry.webhook;

import static dev.slipway.registry.webhook.Hooks.API;
import static dev.slipway.registry.webhook.Hooks.event;
import static dev.slipway.registry.webhook.Hooks.hook;
import static dev.slipway.registry.webhook.Hooks.patch;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.webhook.TestReceiver.Delivered;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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
class WebhookApiTest {
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
  void webhooksAreReadChangedAndDeletedAndTheSecretIsNeverShown() {
    String id = hook(receiver, "REGISTERED_MODEL", "CREATED", "s3cret");
    given()
        .get(API + "webhooks/" + id)
        .then()
        .statusCode(200)
        .body("webhook.webhook_id", equalTo(id))
        .body("webhook.status", equalTo("ACTIVE"))
        .body(
            "webhook.events",
            equalTo(List.of(Map.of("entity", "REGISTERED_MODEL", "action", "CREATED"))))
        .body("webhook.secret", nullValue());
    patch(
            id,
            Map.of(
                "name",
                "renamed",
                "description",
                "d",
                "events",
                List.of(Map.of("entity", "MODEL_VERSION", "action", "CREATED"))))
        .statusCode(200)
        .body("webhook.name", equalTo("renamed"))
        .body("webhook.description", equalTo("d"))
        .body("webhook.url", equalTo(receiver.url()))
        .body("webhook.events[0].entity", equalTo("MODEL_VERSION"));
    given().get(API + "webhooks").then().statusCode(200).body("webhooks.webhook_id", hasItem(id));
    given().delete(API + "webhooks/" + id).then().statusCode(200);
    given()
        .get(API + "webhooks/" + id)
        .then()
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"))
        .body("message", equalTo("Webhook with ID " + id + " not found."));
  }

  @Test
  void webhooksAreListedPageByPageNewestFirst() {
    String first = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    String second = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    var page = given()
        .queryParam("max_results", 1)
        .get(API + "webhooks")
        .then()
        .statusCode(200)
        .body("webhooks.webhook_id", equalTo(List.of(second)))
        .extract();
    given()
        .queryParam("max_results", 1)
        .queryParam("page_token", page.<String>path("next_page_token"))
        .get(API + "webhooks")
        .then()
        .body("webhooks.webhook_id", equalTo(List.of(first)));
  }

  @Test
  void theNativeListGoesPageByPageToo() {
    String first = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    String second = hook(receiver, "REGISTERED_MODEL", "CREATED", null);
    String token = given()
        .get("/api/v1/webhooks?page_size=1")
        .then()
        .statusCode(200)
        .body("webhooks.id", equalTo(List.of(second)))
        .extract()
        .path("next_page_token");
    given()
        .queryParam("page_token", token)
        .get("/api/v1/webhooks?page_size=1")
        .then()
        .statusCode(200)
        .body("webhooks.id", equalTo(List.of(first)));
  }

  @Test
  void aTrialSaysWhatTheReceiverAnswered() {
    String id = hook(receiver, "MODEL_VERSION", "CREATED", "s3cret");
    receiver.answer(418);
    given()
        .contentType("application/json")
        .body(Map.of())
        .post(API + "webhooks/" + id + "/test")
        .then()
        .statusCode(200)
        .body("result.success", equalTo(false))
        .body("result.response_status", equalTo(418))
        .body("result.response_body", equalTo("answer"));
    Delivered trial = receiver.next(Duration.ofSeconds(1));
    assertThat(JsonPath.from(trial.body()).getString("data.name")).isEqualTo("example_model");
    receiver.close();
    given()
        .contentType("application/json")
        .body(Map.of("event", Map.of("entity", "MODEL_VERSION", "action", "CREATED")))
        .post(API + "webhooks/" + id + "/test")
        .then()
        .statusCode(200)
        .body("result.success", equalTo(false))
        .body("result.error_message", containsString("Failed to test webhook"));
  }

  @Test
  void whatMlflowRefusesIsRefused() {
    Hooks.create(Map.of(
            "name",
            "-",
            "url",
            receiver.url(),
            "events",
            List.of(event("MODEL_VERSION", "CREATED"))))
        .statusCode(400);
    Hooks.create(Map.of(
            "name", "a", "url", "ftp://x", "events", List.of(event("MODEL_VERSION", "CREATED"))))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    Hooks.create(Map.of("name", "a", "url", receiver.url(), "events", List.of()))
        .statusCode(400);
    Hooks.create(Map.of(
            "name", "a", "url", receiver.url(), "events", List.of(event("MODEL_VERSION", "SET"))))
        .statusCode(400);
    Hooks.create(
            Map.of("name", "a", "url", receiver.url(), "events", List.of(event("RELEASE", "LIVE"))))
        .statusCode(400);
  }
}
