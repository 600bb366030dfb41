package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.review.PolicyScopesTest.delete;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ProtectedAliasTest {
  @Inject
  Scene scene;

  @Test
  void protectedAliasMovesWhenItsRequestIsApproved() {
    model("ali-moved", 1);
    Response asked = alias("alice", "ali-moved", "champion", 1);
    int request =
        asked.then().statusCode(202).body("alias", is("champion")).extract().path("id");
    asked.then().header("Location", endsWith("/api/v1/requests/" + request));
    alias("alice", "ali-moved", "champion", 1).then().statusCode(202).body("id", is(request));
    Scene.get("/models/ali-moved").body("aliases.champion", is((Object) null));

    approve("bob", request).then().statusCode(200).body("state", is("applied"));
    Scene.get("/models/ali-moved").body("aliases.champion", is(1));
    Scene.get("/models/ali-moved/versions/1").body("stage", is("None"));
    alias("alice", "ali-moved", "champion", 1).then().statusCode(200);
    Scene.get("/models/ali-moved/history")
        .body("entries.find { it.kind == 'applied' }.text", containsString("@champion"));
  }

  @Test
  void mlflowIsToldOfTheRequest() {
    model("ali-mlflow", 2);
    String denied = mlflowAlias("ali-mlflow", "champion", 2)
        .then()
        .statusCode(403)
        .body("error_code", is("PERMISSION_DENIED"))
        .body("message", containsString("Alias 'champion' of 'ali-mlflow'"))
        .extract()
        .path("message");
    long request = Long.parseLong(denied.replaceAll("(?s).*transition request (\\d+) .*", "$1"));
    approve("bob", request).then().statusCode(200);
    mlflowAlias("ali-mlflow", "champion", 2).then().statusCode(200);
    mlflowAlias("ali-mlflow", "other", 1).then().statusCode(200);
  }

  @Test
  void callsThatNameARequestByItsStageDoNotMeanThatOfAnAlias() {
    model("ali-stage", 1);
    int request = alias("alice", "ali-stage", "champion", 1).path("id");
    Map<String, String> move = Map.of("name", "ali-stage", "version", "1", "stage", "None");
    given()
        .queryParams(move)
        .get("/api/2.0/mlflow/transition-requests/list")
        .then()
        .statusCode(200)
        .body("requests", is((Object) null));
    given()
        .header("X-Slipway-User", "bob")
        .contentType("application/json")
        .body(move)
        .post("/api/2.0/mlflow/transition-requests/approve")
        .then()
        .statusCode(404);
    Scene.get("/requests/" + request).body("state", is("open"));
  }

  @Test
  void approvalIsVoidWhenTheAliasMovesInBetween() {
    model("ali-overtaken", 2);
    put("root", "/models/ali-overtaken/policy", policy(2)).then().statusCode(200);
    int first = alias("alice", "ali-overtaken", "champion", 1).path("id");
    int second = alias("alice", "ali-overtaken", "champion", 2).path("id");
    approve("bob", first).then().statusCode(200);
    approve("bob", second).then().statusCode(200);
    approve("carol", second).then().statusCode(200).body("state", is("applied"));
    Scene.get("/requests/" + first)
        .body("state", is("open"))
        .body("approvals_valid", is(0))
        .body("approvals[0].void_reason", containsString("alias"));
    approve("carol", first).then().statusCode(409).body("detail", containsString("champion"));
    approve("carol", first).then().statusCode(200).body("approvals_valid", is(1));
  }

  @Test
  void aliasesAreMovedByNameAndProtectedOnesDeletedByAdmins() {
    model("ali-guarded", 1);
    alias("anonymous", "ali-guarded", "free", 1).then().statusCode(403);
    alias("anonymous", "ali-guarded", "champion", 1).then().statusCode(403);
    alias("alice", "ali-guarded", "free", 1).then().statusCode(200);
    int request = alias("alice", "ali-guarded", "champion", 1).path("id");
    approve("bob", request).then().statusCode(200);
    awaitSettled(request, "applied");

    delete("anonymous", "/models/ali-guarded/aliases/free").then().statusCode(403);
    delete("alice", "/models/ali-guarded/aliases/champion")
        .then()
        .statusCode(403)
        .body("type", is("urn:slipway:problem:alias-protected"));
    delete("alice", "/models/ali-guarded/versions/1")
        .then()
        .statusCode(409)
        .body("detail", containsString("champion"));
    delete("root", "/models/ali-guarded/aliases/champion").then().statusCode(204);
    delete("alice", "/models/ali-guarded/versions/1").then().statusCode(204);
  }

  @Test
  void protectedAliasMovesAtOnceWhereProductionNeedsNothing() {
    scene.model("ali-free", 1);
    put("root", "/models/ali-free/policy", policy(0)).then().statusCode(200);
    alias("anonymous", "ali-free", "champion", 1).then().statusCode(403);
    alias("alice", "ali-free", "champion", 1).then().statusCode(200);
    Scene.get("/models/ali-free").body("aliases.champion", is(1));
  }

  private void model(String name, int versions) {
    scene.model(name, versions);
    put("root", "/models/" + name + "/policy", policy(1)).then().statusCode(200);
  }

  private static Map<String, Object> policy(int approvals) {
    return Map.of(
        "mode", "reviewed",
        "moves", Map.of("Production", Map.of("approvals", approvals)),
        "protected_aliases", List.of("champion"));
  }

  private static Response alias(String user, String model, String alias, int version) {
    return put(user, "/models/" + model + "/aliases/" + alias, Map.of("version", version));
  }

  private static Response mlflowAlias(String model, String alias, int version) {
    return given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(Map.of("name", model, "alias", alias, "version", String.valueOf(version)))
        .post("/api/2.0/mlflow/registered-models/alias");
  }
}
