package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.digest;
import static dev.slipway.registry.release.Scene.rollBack;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Where stages are labels, whatever MLflow deletes and renames is deleted and renamed; where they are reviewed, it stays. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class OpenDeletionTest {
  @Inject
  Scene scene;

  @Inject
  Feeds feeds;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void theVersionBeforeTheLiveOneIsDeletedAndARollbackReturnsToAnEarlierOne() {
    open("open-cleaned", 3);
    ask("open-cleaned", 1, "Production");
    ask("open-cleaned", 2, "Production");
    ask("open-cleaned", 3, "Production");
    Scene.get("/models/open-cleaned").body("previous_version", is(2));

    delete("open-cleaned/versions/2").statusCode(204);
    Scene.get("/models/open-cleaned").body("live_version", is(3)).body("previous_version", is(1));
    Feed.Model model = feeds.current().model("open-cleaned").orElseThrow();
    assertThat(model.version(1).orElseThrow().roles()).containsExactly(Role.STANDBY);

    delete("open-cleaned/versions/1").statusCode(204);
    Scene.get("/models/open-cleaned").body("previous_version", nullValue());
    rollBack("alice", "open-cleaned")
        .then()
        .statusCode(409)
        .body("type", is("urn:slipway:problem:no-earlier-live-version"));
  }

  @Test
  void aRollbackAfterADeletionFindsTheVersionThatIsLeft() {
    open("open-left", 3);
    ask("open-left", 1, "Production");
    ask("open-left", 2, "Production");
    ask("open-left", 3, "Production");
    delete("open-left/versions/2").statusCode(204);

    rollBack("alice", "open-left").then().statusCode(200).body("to_version", is(1));
  }

  @Test
  void theLiveVersionIsRetiredByItsDeletion() {
    open("open-gone", 2);
    ask("open-gone", 1, "Production");
    ask("open-gone", 2, "Production");

    delete("open-gone/versions/2").statusCode(204);

    Scene.get("/models/open-gone").body("live_version", nullValue()).body("latest_version", is(1));
    Scene.get("/models/open-gone/releases")
        .body("releases[0].kind", is("retire"))
        .body("releases[0].actor", is("alice"))
        .body("releases[0].reason", is("version 2 was deleted"));
    ask("open-gone", 1, "Production");
    assertThat(scene.live("open-gone")).isEqualTo(1);
  }

  @Test
  void aModelIsRenamedAndDeletedWithItsLiveVersion() {
    open("open-one-name", 1);
    ask("open-one-name", 1, "Production");

    given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(Map.of("name", "open-another-name"))
        .patch("/api/v1/models/open-one-name")
        .then()
        .statusCode(200);
    assertThat(scene.live("open-another-name")).isEqualTo(1);
    assertThat(feeds.current().model("open-another-name").orElseThrow().live()).isPresent();
    assertThat(feeds.current().model("open-one-name")).isEmpty();

    delete("open-another-name").statusCode(204);
    given().get("/api/v1/models/open-another-name").then().statusCode(404);
    assertThat(feeds.current().model("open-another-name")).isEmpty();
  }

  @Test
  void whereMovesAreReviewedWhatIsLiveAndWhatARollbackReturnsToStay() {
    scene.model("open-guarded", 2);
    Scene.promote("open-guarded", 1);
    Scene.promote("open-guarded", 2);

    delete("open-guarded/versions/1")
        .statusCode(409)
        .body("type", containsString("version-standby"));
    delete("open-guarded/versions/2").statusCode(409).body("type", containsString("version-live"));
    delete("open-guarded").statusCode(409).body("type", containsString("model-in-use"));
    assertThat(scene.live("open-guarded")).isEqualTo(2);
  }

  @Test
  void aVersionThatIsBeingPreparedIsDeletedAndItsReleaseEnds() {
    open("open-prepared", 2);
    ask("open-prepared", 1, "Production");
    try (var replica = new FakeReplica(port, "open-prepared-1", "open-prepared")) {
      replica.stall(digest("open-prepared", 2));
      ask("open-prepared", 2, "Production");
      Scene.get("/models/open-prepared/releases").body("releases[0].state", is("preparing"));

      delete("open-prepared/versions/2").statusCode(204);

      Scene.get("/models/open-prepared/releases")
          .body("releases[0].state", is("failed"))
          .body("releases[0].reason", is("version 2 was deleted"));
      assertThat(feeds.current().model("open-prepared").orElseThrow().version(2))
          .isEmpty();
      assertThat(scene.live("open-prepared")).isEqualTo(1);
    }
  }

  @Test
  void whereMovesAreReviewedAVersionStaysUntilItsReleaseHasEnded() {
    scene.model("guarded-prepared", 1);
    try (var replica = new FakeReplica(port, "guarded-prepared-1", "guarded-prepared")) {
      replica.stall(digest("guarded-prepared", 1));
      ask("guarded-prepared", 1, "Staging");
      long request = ask("guarded-prepared", 1, "Production");
      Scene.approve("bob", request).then().statusCode(200);

      delete("guarded-prepared/versions/1").statusCode(409);
      delete("guarded-prepared").statusCode(409);

      replica.unstall(digest("guarded-prepared", 1));
      Scene.awaitSettled(request, "applied");
      assertThat(scene.live("guarded-prepared")).isEqualTo(1);
    }
  }

  private void open(String model, int versions) {
    scene.model(model, versions);
    Scene.put("root", "/models/" + model + "/policy", Map.of("mode", "open"))
        .then()
        .statusCode(200);
  }

  private static ValidatableResponse delete(String path) {
    return given()
        .header("X-Slipway-User", "alice")
        .delete("/api/v1/models/" + path)
        .then();
  }
}
