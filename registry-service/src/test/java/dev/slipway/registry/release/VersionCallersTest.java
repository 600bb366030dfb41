package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.digest;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.promote;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.ReplicaReport.CallerCount;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class VersionCallersTest {
  @Inject
  Scene scene;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void requestsAreAddedUpOverReplicasAndTheirRestartsByVersionAndCaller() {
    scene.model("called", 2);
    try (var one = new FakeReplica(port, "called-1", "called");
        var other = new FakeReplica(port, "called-2", "called")) {
      promote("called", 1);
      awaitLoaded(one, other);
      one.counts(digest("called", 1), calls("billing", 10, 0));
      one.counts(digest("called", 1), calls("billing", 25, 3));
      other.counts(digest("called", 1), calls("billing", 5, 0));
    }
    try (var again = new FakeReplica(port, "called-1", "called")) {
      awaitLoaded(again);
      again.counts(digest("called", 1), calls("billing", 7, 1));
      Scene.get("/models/called/callers")
          .body("callers", hasSize(1))
          .body("callers[0].version", is(1))
          .body("callers[0].caller", is("billing"))
          .body("callers[0].requests", is(37))
          .body("callers[0].named", is(4));
    }
  }

  @Test
  void whoRetiresAVersionLearnsWhoStillCallsIt() {
    scene.model("missed", 1);
    try (var replica = new FakeReplica(port, "missed-1", "missed")) {
      promote("missed", 1);
      awaitLoaded(replica);
      replica.counts(digest("missed", 1), calls("billing", 12, 0));
      post("alice", "/models/missed/retire", Map.of("reason", "end of life"))
          .then()
          .statusCode(202)
          .body("to", is("Archived"))
          .body("warnings[0]", containsString("12 times in all, by billing (12"));
    }
  }

  private static void awaitLoaded(FakeReplica... replicas) {
    for (FakeReplica replica : replicas) {
      org.awaitility.Awaitility.await().until(() -> !replica.feed().models().isEmpty());
    }
  }

  private static Stats calls(String caller, long requests, long named) {
    return new Stats(
        requests,
        0,
        0,
        LatencyHistogram.empty(),
        0,
        Map.of(),
        null,
        Map.of(caller, new CallerCount(requests, named)));
  }
}
