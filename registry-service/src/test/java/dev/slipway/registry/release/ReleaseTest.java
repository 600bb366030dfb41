package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.digest;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.rollBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ReleaseTest {
  @Inject
  Scene scene;

  @Inject
  Feeds feeds;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void approvedVersionGoesLiveWhenEveryReplicaHasIt() {
    scene.model("promoted", 2);
    try (var first = new FakeReplica(port, "promoted-1", "promoted");
        var second = new FakeReplica(port, "promoted-2", "promoted")) {
      second.stall(digest("promoted", 1));
      ask("promoted", 1, "Staging");
      long request = ask("promoted", 1, "Production");
      approve("bob", request)
          .then()
          .statusCode(200)
          .body("state", is("approved"))
          .body("release_id", notNullValue());
      assertThat(scene.live("promoted")).isNull();

      second.unstall(digest("promoted", 1));
      awaitSettled(request, "applied");

      assertThat(scene.live("promoted")).isEqualTo(1);
      assertThat(scene.get("promoted", 1).stage()).isEqualTo(Stage.PRODUCTION);
      Scene.get("/models/promoted/releases")
          .body("releases", hasSize(1))
          .body("releases[0].state", is("live"))
          .body("releases[0].message", is("live on 2 of 2"));
      assertThat(first.feed().epoch()).isNotEmpty();
    }
  }

  @Test
  void withNoReplicaConnectedItSwitchesAtOnceAndSaysSo() {
    scene.model("alone", 2);
    promote("alone", 1);
    Scene.get("/models/alone/releases").body("releases[0].message", is("live on 0 of 0"));
    promote("alone", 2);

    assertThat(scene.live("alone")).isEqualTo(2);
    assertThat(scene.get("alone", 1).stage()).isEqualTo(Stage.ARCHIVED);
    Feed.Model model = feeds.current().model("alone").orElseThrow();
    assertThat(model.version(2).orElseThrow().roles()).containsExactly(Role.LIVE);
    assertThat(model.version(1).orElseThrow().roles()).containsExactly(Role.STANDBY);
    assertThat(model.traffic()).containsExactly(new Feed.TrafficShare(2, 10_000));
  }

  @Test
  void versionThatFailsToLoadNeverGoesLiveAndTheOldOneStays() {
    scene.model("broken", 2);
    try (var replica = new FakeReplica(port, "broken-1", "broken")) {
      promote("broken", 1);
      replica.refuse(digest("broken", 2));
      ask("broken", 2, "Staging");
      long request = ask("broken", 2, "Production");
      approve("bob", request).then().statusCode(200);
      awaitSettled(request, "failed");

      Scene.get("/requests/" + request)
          .body("state_reason", containsString("broken-1"))
          .body("state_reason", containsString("Frobnicate"));
      assertThat(scene.live("broken")).isEqualTo(1);
      assertThat(scene.get("broken", 1).stage()).isEqualTo(Stage.PRODUCTION);
      assertThat(scene.get("broken", 2).stage()).isEqualTo(Stage.STAGING);
      Scene.get("/models/broken/releases")
          .body("releases[0].state", is("failed"))
          .body("releases[0].reason", containsString("Frobnicate"));
      assertThat(feeds.current().model("broken").orElseThrow().version(2)).isEmpty();
    }
  }

  @Test
  void rollingBackTwiceFromTheThirdGivesTheSecondThenTheFirst() {
    scene.model("chain", 3);
    try (var replica = new FakeReplica(port, "chain-1", "chain")) {
      promote("chain", 1);
      promote("chain", 2);
      promote("chain", 3);

      rollBack("rita", "chain")
          .then()
          .statusCode(200)
          .body("kind", is("rollback"))
          .body("from_version", is(3))
          .body("to_version", is(2))
          .body("message", is("live on 1 of 1"))
          .body("replicas[0].state", is("converged"))
          .body("replicas[0].converged_ms", greaterThanOrEqualTo(0));
      assertThat(
              replica.feed().model("chain").orElseThrow().live().orElseThrow().number())
          .isEqualTo(2);
      rollBack("rita", "chain").then().statusCode(200).body("to_version", is(1));
      rollBack("rita", "chain")
          .then()
          .statusCode(409)
          .body("type", is("urn:slipway:problem:no-earlier-live-version"))
          .body("detail", containsString("retire"));

      assertThat(scene.get("chain", 3).stage()).isEqualTo(Stage.ARCHIVED);
      assertThat(scene.get("chain", 1).stage()).isEqualTo(Stage.PRODUCTION);
      post("rita", "/models/chain/rollback", Map.of("to", 3, "reason", "was right after all"))
          .then()
          .statusCode(409)
          .body("type", is("urn:slipway:problem:rolled-back"));
      promote("chain", 3);
      assertThat(scene.live("chain")).isEqualTo(3);
    }
  }

  @Test
  void rollbackNamesTheReplicaThatItDidNotHearFrom() {
    scene.model("silent", 2);
    try (var replica = new FakeReplica(port, "silent-1", "silent")) {
      promote("silent", 1);
      promote("silent", 2);
      assertThat(replica.feed().model("silent")).isPresent();
    }
    rollBack("rita", "silent")
        .then()
        .statusCode(200)
        .body("to_version", is(1))
        .body("replicas[0].replica", is("silent-1"))
        .body("replicas[0].state", is("unconfirmed"))
        .body("message", is("live on 0 of 1"));
    assertThat(scene.live("silent")).isEqualTo(1);
  }

  @Test
  void rollbackGoesAheadOfAPromotionThatIsBeingPrepared() {
    scene.model("urgent", 3);
    try (var replica = new FakeReplica(port, "urgent-1", "urgent")) {
      promote("urgent", 1);
      promote("urgent", 2);
      replica.stall(digest("urgent", 3));
      ask("urgent", 3, "Staging");
      long request = ask("urgent", 3, "Production");
      approve("bob", request).then().statusCode(200);

      rollBack("rita", "urgent").then().statusCode(200).body("to_version", is(1));
      awaitSettled(request, "failed");
      assertThat(scene.live("urgent")).isEqualTo(1);
    }
  }

  @Test
  void secondReleaseOfAModelIsRefusedNamingTheFirst() {
    scene.model("busy", 2);
    try (var replica = new FakeReplica(port, "busy-1", "busy")) {
      replica.stall(digest("busy", 1));
      ask("busy", 1, "Staging");
      ask("busy", 2, "Staging");
      long first = ask("busy", 1, "Production");
      long second = ask("busy", 2, "Production");
      Integer release = approve("bob", first).then().statusCode(200).extract().path("release_id");

      approve("carol", second)
          .then()
          .statusCode(409)
          .body("type", is("urn:slipway:problem:release-in-flight"))
          .body("release_id", is(release))
          .body("detail", containsString("version 1"));
      Scene.get("/requests/" + second).body("state", is("open")).body("approvals", hasSize(0));
      replica.unstall(digest("busy", 1));
      awaitSettled(first, "applied");
    }
  }

  @Test
  void retiringTakesApprovalAndClearsThePointer() {
    scene.model("retired", 1);
    promote("retired", 1);
    Integer request = post("alice", "/models/retired/retire", Map.of("reason", "end of life"))
        .then()
        .statusCode(202)
        .body("from", is("Production"))
        .body("to", is("Archived"))
        .extract()
        .path("id");
    assertThat(scene.live("retired")).isEqualTo(1);
    approve("bob", request).then().statusCode(200).body("state", is("applied"));

    assertThat(scene.live("retired")).isNull();
    assertThat(scene.get("retired", 1).stage()).isEqualTo(Stage.ARCHIVED);
    assertThat(feeds.current().model("retired")).isEmpty();
    rollBack("rita", "retired")
        .then()
        .statusCode(409)
        .body("type", is("urn:slipway:problem:no-live-version"));
  }

  @Test
  void historyTellsTheStoryNewestFirst() {
    scene.model("told", 2);
    promote("told", 1);
    promote("told", 2);
    rollBack("rita", "told").then().statusCode(200);
    Scene.get("/models/told/history")
        .body("entries[0].kind", is("rollback"))
        .body("entries[0].actor", is("rita"))
        .body("entries[0].from_version", is(2))
        .body("entries[0].to_version", is(1))
        .body("entries[0].text", is("rita rolled back from version 2 to version 1: it is bad"))
        .body("entries.kind", hasItem("approve"))
        .body("entries.kind", hasItem("request"));
  }

  @Test
  void liveAndStandbyVersionsCannotBeDeletedOthersCan() {
    scene.model("kept", 3);
    promote("kept", 1);
    promote("kept", 2);
    promote("kept", 3);
    assertThat(deletion("kept", 3)).contains("live");
    assertThat(deletion("kept", 2)).contains("rollback");
    assertThat(deletion("kept", 1)).isEmpty();
    rollBack("rita", "kept").then().statusCode(200).body("to_version", is(2));
    rollBack("rita", "kept").then().statusCode(409);
    Scene.get("/models/kept/releases").body("releases.to_version", hasItem(1));
  }

  @Test
  void settingsAreNumberedAndInTheFeed() {
    scene.model("tuned", 2);
    promote("tuned", 1);
    long before = feeds.current().revision();
    Scene.put("alice", "/models/tuned/settings", Map.of("serve_staging", true, "max_queue", 7))
        .then()
        .statusCode(200)
        .body("number", is(1))
        .body("max_queue", is(7));
    ask("tuned", 2, "Staging");
    Feed after = feeds.current();
    assertThat(after.revision()).isGreaterThan(before);
    assertThat(after.model("tuned").orElseThrow().settings().maxQueue()).isEqualTo(7);
    assertThat(after.model("tuned").orElseThrow().version(2).orElseThrow().roles())
        .containsExactly(Role.STAGED);
    Scene.put("alice", "/models/tuned/settings", Map.of("max_queue", -1)).then().statusCode(400);
  }

  @Test
  void replicasAreListedWithWhatTheyShouldHaveAndWhatTheyHave() {
    scene.model("listed", 1);
    try (var replica = new FakeReplica(port, "listed-1", "listed")) {
      promote("listed", 1);
      Scene.get("/replicas")
          .body("replicas.find { it.replica == 'listed-1' }.connected", equalTo(true))
          .body("replicas.find { it.replica == 'listed-1' }.actual.version", hasItem(1))
          .body("replicas.find { it.replica == 'listed-1' }.desired.model", not(hasItem("alone")));
      assertThat(replica.feed().revision()).isPositive();
    }
  }

  @Test
  void promotedAgainAfterARollbackOnlyByANewRequest() {
    scene.model("again", 2);
    promote("again", 1);
    promote("again", 2);
    rollBack("rita", "again").then().statusCode(200);
    post("alice", "/models/again/requests", Map.of("version", 2, "to", "Production"))
        .then()
        .statusCode(409)
        .body("detail", containsString("Staging"))
        .body("request_id", nullValue());
    promote("again", 2);
    assertThat(scene.live("again")).isEqualTo(2);
  }

  private String deletion(String model, int version) {
    try {
      scene.delete(model, version);
      return "";
    } catch (dev.slipway.registry.problem.RegistryException.Conflict conflict) {
      return conflict.getMessage();
    }
  }
}
