package dev.slipway.registry.webhook;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The calls that make webhooks, and those that they are told of. */
final class Hooks {
  static final String API = "/api/2.0/mlflow/";

  private Hooks() {}

  static String hook(TestReceiver receiver, String entity, String action, String secret) {
    var body = new HashMap<String, Object>(
        Map.of("name", "hook", "url", receiver.url(), "events", List.of(event(entity, action))));
    if (secret != null) {
      body.put("secret", secret);
    }
    return create(body).statusCode(200).extract().path("webhook.webhook_id");
  }

  static Map<String, String> event(String entity, String action) {
    return Map.of("entity", entity, "action", action);
  }

  static ValidatableResponse create(Map<String, ?> body) {
    return given()
        .contentType("application/json")
        .body(body)
        .post(API + "webhooks")
        .then();
  }

  static ValidatableResponse patch(String id, Map<String, ?> body) {
    return given()
        .contentType("application/json")
        .body(body)
        .patch(API + "webhooks/" + id)
        .then();
  }

  static String model() {
    String name = "hooked-" + UUID.randomUUID();
    mlflow("registered-models/create", Map.of("name", name));
    return name;
  }

  static void mlflow(String path, Map<String, ?> body) {
    alice(body).post(API + path).then().statusCode(200);
  }

  static void delete(String path, Map<String, ?> body) {
    alice(body).delete(API + path).then().statusCode(200);
  }

  private static RequestSpecification alice(Map<String, ?> body) {
    return given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(body);
  }
}
