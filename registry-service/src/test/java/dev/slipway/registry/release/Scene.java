package dev.slipway.registry.release;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.name.ModelName;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What tests of review and release begin with, over the native API. */
@ApplicationScoped
public class Scene {
  static final Caller ALICE = new Caller("alice", Set.of(Role.AUTHOR), null);

  private final Models models;
  private final Versions versions;
  private final LivePointers pointers;

  Scene(Models models, Versions versions, LivePointers pointers) {
    this.models = models;
    this.versions = versions;
    this.pointers = pointers;
  }

  /** A model with versions 1 to {@code count}, registered completely. */
  public void model(String name, int count) {
    models.create(ALICE, new ModelName(name), null, Map.of());
    for (int i = 0; i < count; i++) {
      version(name);
    }
  }

  /** One more version, registered completely. */
  public int version(String model) {
    VersionView created =
        versions.create(ALICE, model, new Versions.NewVersion(null, null, null, null, null));
    QuarkusTransaction.requiringNew().run(() -> {
      pointers.lock(model);
      versions.markReady(ALICE, created.id(), digest(model, created.number()), 1, "onnx");
    });
    return created.number();
  }

  public static Digest digest(String model, int version) {
    return Digest.of((model + "/" + version).getBytes(StandardCharsets.UTF_8));
  }

  public VersionView get(String model, int version) {
    return versions.get(model, version);
  }

  public void tag(String model, String key, String value) {
    models.setTag(ALICE, model, key, value);
  }

  public void delete(String model, int version) {
    versions.delete(ALICE, model, version, null);
  }

  public Integer live(String model) {
    return models.get(model).liveVersion();
  }

  public static Response post(String user, String path, Map<String, ?> body) {
    return given()
        .header("X-Slipway-User", user)
        .contentType("application/json")
        .body(body)
        .post("/api/v1" + path);
  }

  public static Response put(String user, String path, Map<String, ?> body) {
    return given()
        .header("X-Slipway-User", user)
        .contentType("application/json")
        .body(body)
        .put("/api/v1" + path);
  }

  public static ValidatableResponse get(String path) {
    return given().get("/api/v1" + path).then().statusCode(200);
  }

  /** Asks for a move in alice's name; answers the request's id. */
  public static long ask(String model, int version, String to) {
    return post("alice", "/models/" + model + "/requests", Map.of("version", version, "to", to))
        .then()
        .statusCode(201)
        .extract()
        .jsonPath()
        .getLong("id");
  }

  public static Response approve(String user, long request) {
    return post(user, "/requests/" + request + "/approve", Map.of());
  }

  public static Response rollBack(String user, String model) {
    return post(user, "/models/" + model + "/rollback", Map.of("reason", "it is bad"));
  }

  /** Takes a version through Staging to Production, reviewed by bob, and waits until the request is settled. */
  public static void promote(String model, int version) {
    ask(model, version, "Staging");
    long request = ask(model, version, "Production");
    approve("bob", request).then().statusCode(200);
    awaitSettled(request, "applied");
  }

  public static void awaitSettled(long request, String state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> get("/requests/" + request).body("state", org.hamcrest.Matchers.is(state)));
  }

  public static Map<String, Object> reviewed(int staging, int production, int rollback) {
    Map<String, Object> policy = new HashMap<>();
    policy.put("mode", "reviewed");
    policy.put(
        "moves",
        Map.of(
            "Staging", Map.of("approvals", staging),
            "Production", Map.of("approvals", production)));
    policy.put("rollback_approvals", rollback);
    return policy;
  }
}
