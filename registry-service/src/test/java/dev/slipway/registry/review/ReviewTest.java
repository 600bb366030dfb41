package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static dev.slipway.registry.release.Scene.rollBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ReviewTest {
  @Inject
  Scene scene;

  @Test
  void requesterCannotApproveAndIsToldWhy() {
    long request = requested("self");
    approve("alice", request).then().statusCode(403).body("detail", containsString("never counts"));
    Scene.get("/requests/" + request).body("approvals", hasSize(0)).body("state", is("open"));
  }

  @Test
  void approvingTwiceIsRefused() {
    scene.model("twice", 1);
    put("root", "/models/twice/policy", reviewed(0, 2, 0)).then().statusCode(200);
    ask("twice", 1, "Staging");
    long request = ask("twice", 1, "Production");
    approve("bob", request)
        .then()
        .statusCode(200)
        .body("approvals_valid", is(1))
        .body("approvals_needed", is(2))
        .body("state", is("open"));
    approve("bob", request).then().statusCode(409).body("detail", containsString("already"));
    approve("carol", request).then().statusCode(200).body("state", is("applied"));
  }

  @Test
  void withdrawnRequestTakesNoApproval() {
    long request = requested("withdrawn");
    post("bob", "/requests/" + request + "/withdraw", Map.of()).then().statusCode(403);
    post("alice", "/requests/" + request + "/withdraw", Map.of("comment", "not yet"))
        .then()
        .statusCode(200)
        .body("state", is("withdrawn"));
    approve("bob", request).then().statusCode(409).body("detail", containsString("withdrawn"));
  }

  @Test
  void anonymousAndAuthorsMayNotApprove() {
    long request = requested("unnamed");
    approve("anonymous", request).then().statusCode(403);
    approve("mallory", request).then().statusCode(403).body("detail", containsString("reviewer"));
    approve("root", request).then().statusCode(200);
  }

  @Test
  void guardedMoveIsAskedForByName() {
    scene.model("nobody", 1);
    post("anonymous", "/models/nobody/requests", Map.of("version", 1, "to", "Staging"))
        .then()
        .statusCode(201)
        .body("state", is("applied"));
    post("anonymous", "/models/nobody/requests", Map.of("version", 1, "to", "Production"))
        .then()
        .statusCode(403);
  }

  @Test
  void withoutANameAVersionOnlyGoesToStagingWhereItIsInNobodysWay() {
    scene.model("drifter", 2);
    put("root", "/models/drifter/policy", reviewed(0, 0, 0)).then().statusCode(200);
    ask("drifter", 1, "Staging");
    for (String to : java.util.List.of("None", "Archived", "Production")) {
      post("anonymous", "/models/drifter/requests", Map.of("version", 1, "to", to))
          .then()
          .statusCode(403)
          .body("type", is("urn:slipway:problem:name-needed"));
    }
    put(
            "root",
            "/models/drifter/policy",
            Map.of("mode", "reviewed", "moves", Map.of("Archived", Map.of("approvals", 1))))
        .then()
        .statusCode(200);
    long waiting = ask("drifter", 2, "Archived");
    post("anonymous", "/models/drifter/requests", Map.of("version", 2, "to", "Staging"))
        .then()
        .statusCode(403);
    Scene.get("/requests/" + waiting).body("state", is("open"));
  }

  @Test
  void liveVersionIsRetiredByNameAlsoWhereOnlyChecksAreRequired() {
    scene.model("checked-out", 1);
    put("root", "/models/checked-out/policy", reviewed(0, 0, 0)).then().statusCode(200);
    ask("checked-out", 1, "Staging");
    awaitSettled(ask("checked-out", 1, "Production"), "applied");
    put(
            "root",
            "/models/checked-out/policy",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", Map.of("approvals", 0, "checks", java.util.List.of("ci")))))
        .then()
        .statusCode(200);
    post("anonymous", "/models/checked-out/retire", Map.of("reason", "why not"))
        .then()
        .statusCode(403);
    assertThat(scene.live("checked-out")).isEqualTo(1);
  }

  @Test
  void whatWasLiveOnlyWhileNothingWasReviewedComesBackByReviewButThePreviousAtOnce() {
    scene.model("unreviewed", 3);
    put("root", "/models/unreviewed/policy", Map.of("mode", "open")).then().statusCode(200);
    for (int version = 1; version <= 3; version++) {
      move("unreviewed", version, "Production");
    }
    put("root", "/models/unreviewed/policy", reviewed(0, 1, 0)).then().statusCode(200);
    rollBackTo("unreviewed", 1)
        .then()
        .statusCode(409)
        .body("type", is("urn:slipway:problem:never-reviewed"))
        .body("detail", containsString("Staging"));
    assertThat(scene.live("unreviewed")).isEqualTo(3);
    rollBackTo("unreviewed", 2).then().statusCode(200).body("to_version", is(2));

    promote("unreviewed", 1);
    promote("unreviewed", 3);
    rollBackTo("unreviewed", 1).then().statusCode(200).body("to_version", is(1));
  }

  private static io.restassured.response.Response rollBackTo(String model, int version) {
    return post(
        "rita", "/models/" + model + "/rollback", Map.of("to", version, "reason", "it is bad"));
  }

  @Test
  void moveOutsideTheTableIsRefusedWithWhatIsPossible() {
    scene.model("table", 1);
    post("alice", "/models/table/requests", Map.of("version", 1, "to", "Production"))
        .then()
        .statusCode(409)
        .body("detail", containsString("Staging, Archived"));
    post("alice", "/models/table/requests", Map.of("version", 1, "to", "Limbo"))
        .then()
        .statusCode(400);
    post("alice", "/models/table/requests", Map.of("version", 9, "to", "Staging"))
        .then()
        .statusCode(404);
    assertThat(scene.get("table", 1).stage()).isEqualTo(Stage.NONE);
  }

  @Test
  void rejectionEndsTheRequestAndANewOneIsPossible() {
    long request = requested("rejected");
    post("bob", "/requests/" + request + "/reject", Map.of("comment", "drops a column"))
        .then()
        .statusCode(200)
        .body("state", is("rejected"));
    assertThat(ask("rejected", 1, "Production")).isGreaterThan(request);
  }

  @Test
  void sameMoveIsNotAskedForTwice() {
    long request = requested("dup");
    post("carol", "/models/dup/requests", Map.of("version", 1, "to", "Production"))
        .then()
        .statusCode(409)
        .body("request_id", is((int) request));
  }

  @Test
  void changedPolicyVoidsApprovalsAndSaysSo() {
    scene.model("tightened", 1);
    put("root", "/models/tightened/policy", reviewed(0, 2, 0)).then().statusCode(200);
    ask("tightened", 1, "Staging");
    long request = ask("tightened", 1, "Production");
    approve("bob", request).then().statusCode(200);
    put("alice", "/models/tightened/policy", reviewed(0, 0, 0)).then().statusCode(403);
    put("root", "/models/tightened/policy", reviewed(0, 1, 0)).then().statusCode(200);

    Scene.get("/requests/" + request)
        .body("state", is("open"))
        .body("approvals_valid", is(0))
        .body("approvals[0].void", is(true))
        .body("approvals[0].void_reason", containsString("policy"));
    approve("bob", request).then().statusCode(200).body("state", is("applied"));
  }

  @Test
  void approvalIsForTheLiveVersionThatItWasComparedWith() {
    scene.model("compared", 2);
    ask("compared", 2, "Staging");
    long request = ask("compared", 2, "Production");
    promote("compared", 1);

    approve("bob", request)
        .then()
        .statusCode(409)
        .body("type", is("urn:slipway:problem:live-changed"))
        .body("version", is(1));
    Scene.get("/requests/" + request).body("approvals", hasSize(0));
    approve("bob", request).then().statusCode(200);
    assertThat(scene.live("compared")).isEqualTo(2);
  }

  @Test
  void commentsAreKeptInOrder() {
    long request = requested("talk");
    post("bob", "/requests/" + request + "/comments", Map.of("body", "why?"))
        .then()
        .statusCode(201);
    post("alice", "/requests/" + request + "/comments", Map.of("body", "it is better"))
        .then()
        .statusCode(201);
    post("bob", "/requests/" + request + "/comments", Map.of("body", " "))
        .then()
        .statusCode(400);
    Scene.get("/requests/" + request + "/comments")
        .body("comments.author", is(java.util.List.of("bob", "alice")));
  }

  @Test
  void rollbackMayBeMadeToNeedApproval() {
    scene.model("guarded", 2);
    put("root", "/models/guarded/policy", reviewed(0, 1, 1)).then().statusCode(200);
    promote("guarded", 1);
    promote("guarded", 2);
    Integer request = rollBack("rita", "guarded")
        .then()
        .statusCode(202)
        .body("from", is("Archived"))
        .body("to", is("Production"))
        .extract()
        .path("id");
    assertThat(scene.live("guarded")).isEqualTo(2);
    approve("bob", request).then().statusCode(200).body("state", is("applied"));
    assertThat(scene.live("guarded")).isEqualTo(1);
    assertThat(scene.get("guarded", 2).stage()).isEqualTo(Stage.ARCHIVED);
  }

  @Test
  void openPolicyMovesLabelsAtOnceAndThePointerFollowsTheLastPromoted() {
    scene.model("labels", 3);
    put("root", "/models/labels/policy", Map.of("mode", "open")).then().statusCode(200);
    move("labels", 1, "Production");
    move("labels", 2, "Production");
    assertThat(scene.get("labels", 1).stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(scene.live("labels")).isEqualTo(2);
    move("labels", 2, "None");
    assertThat(scene.live("labels")).isEqualTo(1);
    move("labels", 1, "Archived");
    assertThat(scene.live("labels")).isNull();
    assertThat(scene.get("labels", 2).stage()).isEqualTo(Stage.NONE);
  }

  @Test
  void policyIsVersionedAndGuardedByItsTag() {
    scene.model("tagged", 1);
    String tag = put("root", "/models/tagged/policy", reviewed(0, 2, 0))
        .then()
        .statusCode(200)
        .body("number", is(1))
        .extract()
        .header("ETag");
    put("root", "/models/tagged/policy", reviewed(1, 2, 0)).then().body("number", is(2));
    io.restassured.RestAssured.given()
        .header("X-Slipway-User", "root")
        .header("If-Match", tag)
        .contentType("application/json")
        .body(reviewed(0, 0, 0))
        .put("/api/v1/models/tagged/policy")
        .then()
        .statusCode(412);
    put("root", "/models/tagged/policy", Map.of("mode", "lax")).then().statusCode(400);
  }

  @Test
  void deletingARequestedVersionIsRefused() {
    long request = requested("pinned");
    io.restassured.RestAssured.given()
        .header("X-Slipway-User", "alice")
        .delete("/api/v1/models/pinned/versions/1")
        .then()
        .statusCode(409)
        .body("request_id", is((int) request));
    post("alice", "/requests/" + request + "/withdraw", Map.of()).then().statusCode(200);
    io.restassured.RestAssured.given()
        .header("X-Slipway-User", "alice")
        .delete("/api/v1/models/pinned/versions/1")
        .then()
        .statusCode(204);
  }

  private void move(String model, int version, String to) {
    post("anonymous", "/models/" + model + "/requests", Map.of("version", version, "to", to))
        .then()
        .statusCode(201)
        .body("state", is("applied"));
  }

  private long requested(String model) {
    scene.model(model, 1);
    ask(model, 1, "Staging");
    long request = ask(model, 1, "Production");
    awaitSettled(request, "open");
    return request;
  }
}
