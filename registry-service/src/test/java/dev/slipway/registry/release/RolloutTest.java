package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.digest;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.rollBack;
import static dev.slipway.registry.release.StepJudgeTest.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.common.feed.Feed;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RolloutTest {
  @Inject
  Scene scene;

  @Inject
  Feeds feeds;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void canaryGoesThroughItsStepsAndOnlyTheLastMovesTheLivePointer() {
    try (var replica = canary("stepped", step(10, null), step(50, null))) {
      long request = released("stepped");
      int release = releaseOf(request);
      assertThat(traffic("stepped")).containsExactly(share(1, 9_000), share(2, 1_000));
      assertThat(scene.live("stepped")).isEqualTo(1);
      Scene.get("/releases/" + release)
          .body("state", is("stepping"))
          .body("rollout.step", is(1))
          .body("rollout.steps.state", is(List.of("current", "next")))
          .body("rollout.traffic.weight", is(List.of(9_000, 1_000)))
          .body("message", containsString("step 1 of 2: 10 % of the requests go to version 2"));
      Scene.get("/requests/" + request).body("state", is("approved"));

      advance(release).then().statusCode(200).body("rollout.step", is(2));
      assertThat(traffic("stepped")).containsExactly(share(1, 5_000), share(2, 5_000));
      advance(release).then().statusCode(200).body("state", is("live"));

      assertThat(scene.live("stepped")).isEqualTo(2);
      assertThat(traffic("stepped")).containsExactly(share(2, 10_000));
      awaitSettled(request, "applied");
      await().until(() -> replica.feed().model("stepped").orElseThrow().split() == null);
      rollBack("rita", "stepped").then().statusCode(200).body("to_version", is(1));
    }
  }

  @Test
  void stepWhoseTimeIsOverGoesOnByItselfOnceEnoughRequestsWereJudged() {
    try (var replica = canary("self-moving", step(20, 0L), step(60, 0L))) {
      long request = released("self-moving");
      int release = releaseOf(request);
      Scene.get("/releases/" + release)
          .body("rollout.step", is(1))
          .body("message", containsString("for 0 s at least"));

      replica.counts(digest("self-moving", 1), stats(400, 0, 0, 5));
      replica.counts(digest("self-moving", 2), stats(60, 0, 0, 5));
      await().untilAsserted(() -> Scene.get("/releases/" + release).body("rollout.step", is(2)));
      assertThat(scene.live("self-moving")).isEqualTo(1);
      replica.counts(digest("self-moving", 2), stats(200, 0, 0, 5));

      awaitSettled(request, "applied");
      assertThat(scene.live("self-moving")).isEqualTo(2);
    }
  }

  @Test
  void stepThatFailsReturnsAllTrafficInOneRevisionWithTheFiguresInTheHistory() {
    try (var replica = canary("failing", step(10, 600L))) {
      long request = released("failing");
      int release = releaseOf(request);
      long before = feeds.current().revision();
      replica.counts(digest("failing", 1), stats(500, 1, 0, 5));
      replica.counts(digest("failing", 2), stats(50, 20, 0, 5));

      awaitSettled(request, "failed");

      assertThat(traffic("failing")).containsExactly(share(1, 10_000));
      assertThat(feeds.current().revision()).isEqualTo(before + 1);
      assertThat(feeds.current().model("failing").orElseThrow().version(2)).isEmpty();
      assertThat(scene.live("failing")).isEqualTo(1);
      Scene.get("/releases/" + release)
          .body("state", is("undone"))
          .body(
              "reason",
              containsString("step 1 failed by failed requests: 40.0 % of version 2's (20 of 50)"))
          .body("rollout.figures.released.errors", is(20))
          .body("rollout.traffic", hasSize(0));
      Scene.get("/models/failing/history")
          .body("entries[0].kind", is("undone"))
          .body("entries[0].text", containsString("20 of 50"));
      assertThat(scene.get("failing", 2).stage().label()).isEqualTo("Staging");
    }
  }

  @Test
  void versionThatLeavesStagingDuringItsCanaryIsTakenBack() {
    try (var replica = canary("left-staging", step(10, null))) {
      long request = released("left-staging");
      assertThat(replica.feed().model("left-staging")).isPresent();
      ask("left-staging", 2, "Archived");

      awaitSettled(request, "failed");

      Scene.get("/requests/" + request).body("state_reason", containsString("version 2"));
      assertThat(traffic("left-staging")).containsExactly(share(1, 10_000));
      assertThat(scene.live("left-staging")).isEqualTo(1);
    }
  }

  @Test
  void rollbackDuringACanaryGivesTheTrafficBackToTheLiveVersionAndGoesNoFurther() {
    try (var replica = canary("hurried", step(10, null))) {
      long request = released("hurried");
      assertThat(replica.feed().model("hurried")).isPresent();
      rollBack("rita", "hurried")
          .then()
          .statusCode(200)
          .body("kind", is("promotion"))
          .body("state", is("undone"))
          .body("reason", is("by rita: it is bad"))
          .body("replicas.state", hasItem("converged"));
      assertThat(scene.live("hurried")).isEqualTo(1);
      assertThat(traffic("hurried")).containsExactly(share(1, 10_000));
      awaitSettled(request, "failed");
    }
  }

  @Test
  void secondReleaseDuringACanaryIsRefusedAndAnUndoFreesTheModel() {
    try (var replica = canary("shared", step(10, null))) {
      scene.version("shared");
      int release = releaseOf(released("shared"));
      assertThat(replica.feed().model("shared")).isPresent();
      ask("shared", 3, "Staging");
      long second = ask("shared", 3, "Production");
      approve("carol", second)
          .then()
          .statusCode(409)
          .body("type", is("urn:slipway:problem:release-in-flight"));
      post("rita", "/releases/" + release + "/undo", Map.of("reason", "wrong one"))
          .then()
          .statusCode(200)
          .body("state", is("undone"));
      advance(release)
          .then()
          .statusCode(409)
          .body("type", is("urn:slipway:problem:release-not-stepping"));
      approve("carol", second)
          .then()
          .statusCode(200)
          .body("release_id", org.hamcrest.Matchers.notNullValue());
    }
  }

  @Test
  void firstVersionOfAModelHasNothingToShareWithAndGoesLiveAtOnce() {
    scene.model("first-of-all", 1);
    strategy("first-of-all", step(10, null));
    promote("first-of-all", 1);
    assertThat(scene.live("first-of-all")).isEqualTo(1);
    Scene.get("/models/first-of-all/releases").body("releases[0].rollout", nullValue());
  }

  @Test
  void shadowIsAStepOfTheFeedInWhichEveryAnswerStaysWithTheLiveVersion() {
    try (var replica = canary("mirrored")) {
      Scene.put(
              "rita",
              "/models/mirrored/settings",
              Map.of("release", Map.of("kind", "shadow", "sticky", Map.of("header", "X-Tenant"))))
          .then()
          .statusCode(200);
      int release = releaseOf(released("mirrored"));
      Feed.Model model = feeds.current().model("mirrored").orElseThrow();
      assertThat(model.traffic()).containsExactly(share(1, 10_000));
      assertThat(model.split().mirror()).isEqualTo(10_000);
      assertThat(model.split().version()).isEqualTo(2);
      assertThat(model.split().sticky().header()).isEqualTo("X-Tenant");
      assertThat(replica.feed().model("mirrored")).isPresent();
      advance(release).then().statusCode(200).body("state", is("live"));
    }
  }

  @Test
  void howFarAndHowFastAReleaseGoesIsForThoseWhoMayApproveIt() {
    try (var replica = canary("steered", step(10, null))) {
      Scene.put("alice", "/models/steered/settings", Map.of())
          .then()
          .statusCode(403)
          .body("detail", containsString("reviewer, releaser, admin"));
      Scene.put("alice", "/models/steered/settings", settingsOf("steered", 77))
          .then()
          .statusCode(200);
      int release = releaseOf(released("steered"));
      assertThat(replica.feed().model("steered")).isPresent();

      post("alice", "/releases/" + release + "/advance", Map.of())
          .then()
          .statusCode(403)
          .body("detail", containsString("reviewer, releaser, admin"));
      assertThat(traffic("steered")).containsExactly(share(1, 9_000), share(2, 1_000));
      post("bob", "/releases/" + release + "/advance", Map.of())
          .then()
          .statusCode(200)
          .body("state", is("live"));
    }
  }

  @Test
  void whereProductionNeedsNothingANameIsEnoughToBringOnARelease() {
    try (var replica = canary("unsteered", step(10, null))) {
      int release = releaseOf(released("unsteered"));
      assertThat(replica.feed().model("unsteered")).isPresent();
      Scene.put("root", "/models/unsteered/policy", Scene.reviewed(0, 0, 0))
          .then()
          .statusCode(200);
      Scene.put("alice", "/models/unsteered/settings", Map.of()).then().statusCode(200);
      post("anonymous", "/releases/" + release + "/advance", Map.of()).then().statusCode(403);
    }
  }

  /** Its settings as they are, but for the deadline. */
  private static Map<String, Object> settingsOf(String model, int deadline) {
    Map<String, Object> settings = new HashMap<>(
        Scene.get("/models/" + model + "/settings").extract().jsonPath().getMap(""));
    settings.remove("number");
    settings.put("deadline_ms", deadline);
    return settings;
  }

  @Test
  void strategiesThatMakeNoSenseAreRefusedWithWhatWasExpected() {
    scene.model("senseless", 1);
    refused(
        Map.of("kind", "canary", "steps", List.of(step(120, null))),
        "steps[0].percent is 0.0 to 100.0");
    refused(
        Map.of("kind", "canary", "steps", List.of(step(50, null), step(10, null))),
        "steps[1].percent is 50.0 to 100.0");
    refused(Map.of("kind", "canary", "steps", List.of()), "1 to 50 steps");
    refused(Map.of("steps", List.of(step(5, null))), "release.kind");
    refused(Map.of("kind", "canary", "sticky", Map.of()), "release.sticky");
  }

  private void refused(Map<String, ?> strategy, String expected) {
    Scene.put("alice", "/models/senseless/settings", Map.of("release", strategy))
        .then()
        .statusCode(400)
        .body("detail", containsString(expected));
  }

  /** A model with version 1 live on one replica, and version 2 to be released in these steps. */
  private FakeReplica canary(String model, Map<?, ?>... steps) {
    scene.model(model, 2);
    var replica = new FakeReplica(port, model + "-1", model);
    promote(model, 1);
    if (steps.length > 0) {
      strategy(model, steps);
    }
    return replica;
  }

  private static void strategy(String model, Map<?, ?>... steps) {
    Scene.put(
            "rita",
            "/models/" + model + "/settings",
            Map.of("release", Map.of("kind", "canary", "steps", List.of(steps))))
        .then()
        .statusCode(200);
  }

  private static Map<String, Object> step(double percent, Long seconds) {
    var step = new HashMap<String, Object>();
    step.put("percent", percent);
    step.put("seconds", seconds);
    return step;
  }

  /** Takes version 2 through review, and waits for its first step. Answers the request. */
  private static long released(String model) {
    ask(model, 2, "Staging");
    long request = ask(model, 2, "Production");
    approve("bob", request).then().statusCode(200).body("state", is("approved"));
    await()
        .untilAsserted(() ->
            Scene.get("/models/" + model + "/releases").body("releases[0].state", is("stepping")));
    return request;
  }

  private static int releaseOf(long request) {
    return Scene.get("/requests/" + request).extract().path("release_id");
  }

  private static io.restassured.response.Response advance(int release) {
    return post("rita", "/releases/" + release + "/advance", Map.of());
  }

  private List<Feed.TrafficShare> traffic(String model) {
    return feeds.current().model(model).orElseThrow().traffic();
  }

  private static Feed.TrafficShare share(int version, int weight) {
    return new Feed.TrafficShare(version, weight);
  }
}
