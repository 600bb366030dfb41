package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static dev.slipway.registry.mlflow.MlflowRegistry.newVersion;
import static dev.slipway.registry.mlflow.MlflowRegistry.postAs;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scripts written for a hosted registry's review. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class WorkflowTest {
  private String model;
  private Map<String, Object> move;

  @BeforeEach
  void aVersionWhoseStagingIsGuarded() {
    model = newModel();
    newVersion(model);
    given()
        .header("X-Slipway-User", "root")
        .contentType("application/json")
        .body(Map.of("mode", "reviewed", "moves", Map.of("Staging", Map.of("approvals", 1))))
        .put("/api/v1/models/" + model + "/policy")
        .then()
        .statusCode(200);
    move = Map.of(
        "name",
        model,
        "version",
        "1",
        "stage",
        "Staging",
        "archive_existing_versions",
        false,
        "comment",
        "why");
  }

  @Test
  void aRequestIsMadeListedAndApproved() {
    postAs("alice", "transition-requests/create", move)
        .statusCode(200)
        .body("request.to_stage", equalTo("Staging"))
        .body("request.user_id", equalTo("alice"))
        .body("request.comment", equalTo("why"))
        .body("request.available_actions", equalTo(List.of("CANCEL_TRANSITION_REQUEST")));
    get("transition-requests/list", Map.of("name", model, "version", "1"))
        .statusCode(200)
        .body("requests", hasSize(1))
        .body("requests[0].user_id", equalTo("alice"));
    postAs("bob", "transition-requests/approve", move)
        .statusCode(200)
        .body("activity.activity_type", equalTo("APPROVED_REQUEST"))
        .body("activity.user_id", equalTo("bob"))
        .body("activity.from_stage", equalTo("None"))
        .body("activity.to_stage", equalTo("Staging"));
    get("model-versions/get", Map.of("name", model, "version", "1"))
        .body("model_version.current_stage", equalTo("Staging"));
    get("transition-requests/list", Map.of("name", model, "version", "1"))
        .body("requests", nullValue());
  }

  @Test
  void theSameRequestAgainIsTheSameRequest() {
    String id = postAs("alice", "transition-requests/create", move).extract().path("request.id");
    postAs("alice", "transition-requests/create", move)
        .statusCode(200)
        .body("request.id", equalTo(id));
  }

  @Test
  void oneDoesNotApproveOnesOwn() {
    postAs("bob", "transition-requests/create", move).statusCode(200);
    postAs("bob", "transition-requests/approve", move)
        .statusCode(403)
        .body("error_code", equalTo("PERMISSION_DENIED"));
  }

  @Test
  void aRejectionEndsARequest() {
    postAs("alice", "transition-requests/create", move).statusCode(200);
    postAs("bob", "transition-requests/reject", move)
        .statusCode(200)
        .body("activity.activity_type", equalTo("REJECTED_REQUEST"));
    postAs("carol", "transition-requests/approve", move)
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"))
        .body("message", containsString("No open transition request"));
  }

  @Test
  void theCreatorTakesARequestBack() {
    postAs("alice", "transition-requests/create", move).statusCode(200);
    Map<String, String> named =
        Map.of("name", model, "version", "1", "stage", "Staging", "creator", "alice");
    cancel("bob", named).statusCode(403);
    cancel("alice", named)
        .statusCode(200)
        .body("activity.activity_type", equalTo("CANCELLED_REQUEST"));
    cancel("alice", named).statusCode(404);
  }

  @Test
  void theHostedTransitionCallOpensTheRequestThatOthersApprove() {
    postAs("alice", "databricks/model-versions/transition-stage", move).statusCode(403);
    postAs("bob", "transition-requests/approve", move).statusCode(200);
    postAs("alice", "databricks/model-versions/transition-stage", move)
        .statusCode(200)
        .body("model_version_databricks.current_stage", equalTo("Staging"));
  }

  @Test
  void commentsAreMadeChangedAndDeletedByWhoMadeThem() {
    Map<String, String> body = Map.of("name", model, "version", "1", "comment", "looks odd");
    String id = postAs("bob", "comments/create", body)
        .statusCode(200)
        .body("comment.comment", equalTo("looks odd"))
        .body("comment.user_id", equalTo("bob"))
        .extract()
        .path("comment.id");
    patch("alice", Map.of("id", id, "comment", "mine")).statusCode(403);
    patch("bob", Map.of("id", id, "comment", "looks fine"))
        .statusCode(200)
        .body("comment.comment", equalTo("looks fine"));
    deleteComment("alice", id).statusCode(403);
    deleteComment("bob", id).statusCode(200);
    deleteComment("bob", id).statusCode(404);
  }

  @Test
  void aCommentOnAVersionUnderReviewIsPartOfTheDiscussion() {
    String request =
        postAs("alice", "transition-requests/create", move).extract().path("request.id");
    postAs(
            "bob",
            "comments/create",
            Map.of("name", model, "version", "1", "comment", "check the data"))
        .statusCode(200);
    given()
        .get("/api/v1/requests/" + request)
        .then()
        .body("comments.body", equalTo(List.of("check the data")))
        .body("comments.author", equalTo(List.of("bob")));
  }

  @Test
  void whatIsSaidChangedAndTakenBackStaysInTheAuditLog() {
    String request =
        postAs("alice", "transition-requests/create", move).extract().path("request.id");
    Map<String, String> body = Map.of("name", model, "version", "1", "comment", "it is biased");
    String id = postAs("bob", "comments/create", body).extract().path("comment.id");
    patch("bob", Map.of("id", id, "comment", "fine")).statusCode(200);
    deleteComment("root", id).statusCode(200);
    audited("/request/" + request)
        .body("find { it.action == 'request.comment' }.after.comment", equalTo("it is biased"))
        .body("find { it.action == 'comment.update' }.before.comment", equalTo("it is biased"))
        .body("find { it.action == 'comment.update' }.after.comment", equalTo("fine"))
        .body("find { it.action == 'comment.delete' }.actor", equalTo("root"))
        .body("find { it.action == 'comment.delete' }.before.author", equalTo("bob"));
    cancel("alice", Map.of("name", model, "version", "1", "stage", "Staging")).statusCode(200);
    postAs("bob", "comments/create", body).statusCode(200);
    audited("/version/1")
        .body("find { it.action == 'comment.add' }.after.comment", equalTo("it is biased"));
  }

  private ValidatableResponse audited(String object) {
    return given()
        .queryParam("object", "model/" + model + object)
        .get("/api/v1/audit")
        .then()
        .rootPath("entries");
  }

  private static ValidatableResponse cancel(String user, Map<String, String> parameters) {
    return given()
        .auth()
        .preemptive()
        .basic(user, "any")
        .queryParams(parameters)
        .delete("/api/2.0/mlflow/transition-requests/delete")
        .then();
  }

  private static ValidatableResponse patch(String user, Map<String, ?> body) {
    return given()
        .auth()
        .preemptive()
        .basic(user, "any")
        .contentType("application/json")
        .body(body)
        .patch("/api/2.0/mlflow/comments/update")
        .then();
  }

  private static ValidatableResponse deleteComment(String user, String id) {
    return given()
        .auth()
        .preemptive()
        .basic(user, "any")
        .queryParam("id", id)
        .delete("/api/2.0/mlflow/comments/delete")
        .then();
  }
}
