package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.digest;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.promote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.model.LivePointers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Releases of versions that no replica has warm. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ColdReleaseTest {
  @Inject
  Scene scene;

  @Inject
  Feeds feeds;

  @Inject
  ReleaseStore store;

  @Inject
  Releases releases;

  @Inject
  ReplicaStore replicaStore;

  @Inject
  Replicas replicas;

  @Inject
  LivePointers pointers;

  @Inject
  FeedRevision feed;

  @Inject
  FeedWatch watch;

  @Inject
  Switch switching;

  @Inject
  Steps steps;

  @Inject
  Clock clock;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void rollbackToAColdVersionPreparesItFirstAndSwitchesThen() {
    scene.model("cold", 3);
    try (var replica = new FakeReplica(port, "cold-1", "cold")) {
      promote("cold", 1);
      promote("cold", 2);
      promote("cold", 3);
      await().until(() -> model(replica, "cold").version(1).isEmpty());
      replica.stall(digest("cold", 1));

      int release = post("rita", "/models/cold/rollback", Map.of("to", 1, "reason", "both are bad"))
          .then()
          .statusCode(200)
          .body("kind", is("rollback"))
          .body("state", is("preparing"))
          .body("message", is("preparing version 1 on 1 replica"))
          .extract()
          .path("id");
      await()
          .untilAsserted(
              () -> assertThat(model(replica, "cold").version(1).orElseThrow().roles())
                  .containsExactly(Role.PREPARE));
      assertThat(scene.live("cold")).as("nothing moves while it loads").isEqualTo(3);

      replica.unstall(digest("cold", 1));

      await()
          .untilAsserted(() -> Scene.get("/releases/" + release)
              .body("state", is("live"))
              .body("message", is("live on 1 of 1")));
      assertThat(scene.live("cold")).isEqualTo(1);
      assertThat(model(replica, "cold").traffic())
          .containsExactly(new Feed.TrafficShare(1, 10_000));
    }
  }

  @Test
  void replicaThatIsNotReadyInTwoMinutesEndsTheReleaseWithNothingMoved() {
    scene.model("endless", 2);
    promote("endless", 1);
    ask("endless", 2, "Staging");
    long request = ask("endless", 2, "Production");
    reportLoading("endless", 2, Duration.ZERO);
    approve("bob", request).then().statusCode(200).body("state", is("approved"));

    reportLoading("endless", 2, Duration.ofSeconds(119));
    driverAt(Duration.ofSeconds(119)).carryOn();
    Scene.get("/requests/" + request).body("state", is("approved"));
    reportLoading("endless", 2, Duration.ofSeconds(121));
    driverAt(Duration.ofSeconds(121)).carryOn();

    awaitSettled(request, "failed");
    Scene.get("/requests/" + request)
        .body("state_reason", containsString("not READY on every replica within 120 s"))
        .body("state_reason", containsString("endless-1 (loading)"));
    assertThat(scene.live("endless")).isEqualTo(1);
    assertThat(feeds.current().model("endless").orElseThrow().version(2)).isEmpty();
  }

  /** A report of a version that is still loading, as it arrives so much later. */
  private void reportLoading(String model, int version, Duration later) {
    var loading = new ReplicaReport.Loaded(
        model,
        version,
        digest(model, version),
        ReplicaReport.State.LOADING,
        null,
        null,
        null,
        ReplicaReport.Stats.none());
    replicaStore.put(
        new ReplicaReport(
            model + "-1",
            null,
            clock.instant(),
            clock.instant(),
            feeds.current().epoch(),
            feeds.current().revision(),
            new ReplicaReport.Selector(List.of(model), Map.of()),
            List.of(loading)),
        clock.instant().plus(later));
  }

  private ReleaseDriver driverAt(Duration later) {
    Clock ahead = Clock.offset(clock, later);
    return new ReleaseDriver(
        store, releases, replicaStore, replicas, pointers, feed, watch, switching, steps, ahead);
  }

  private static Feed.Model model(FakeReplica replica, String name) {
    return replica.feed().model(name).orElseThrow();
  }
}
