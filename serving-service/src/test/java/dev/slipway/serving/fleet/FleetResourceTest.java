package dev.slipway.serving.fleet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Role;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.TrialRun;
import dev.slipway.serving.testing.Feeds;
import dev.slipway.serving.testing.ServingProcess;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@QuarkusTest
@QuarkusTestResource(value = ServingProcess.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FleetResourceTest {

  @Inject
  Servables servables;

  @Test
  @Order(1)
  void fleetHealthAndMetricsTellOfAVersionThatCannotBeServed() {
    given().get("/q/health/live").then().statusCode(200);
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(503)
        .body(containsString("no feed was seen yet"));

    Digest pickle = ServingProcess.registry().publish(Map.of("model.pkl", "not an ONNX model"));
    ServingProcess.registry()
        .feed(Feeds.feed(7, Feeds.model("iris", Feeds.version(1, pickle, Role.LIVE))));

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> given()
            .get("/fleet")
            .then()
            .statusCode(200)
            .body("models[0].versions[0].state", equalTo("FAILED")));
    given()
        .get("/fleet")
        .then()
        .body("registry.revision", equalTo(7))
        .body("registry.epoch", equalTo("epoch-1"))
        .body("models[0].name", equalTo("iris"))
        .body("models[0].live_version", equalTo(1))
        .body("models[0].live_ready", equalTo(false))
        .body("models[0].versions[0].digest", equalTo(pickle.value()))
        .body("models[0].versions[0].roles", hasItem("live"))
        .body("models[0].versions[0].error", containsString("export with skl2onnx"))
        .body("cache.versions", equalTo(1));
    given().get("/q/health/ready").then().statusCode(200);
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("slipway_feed_lag_seconds"))
        .body(containsString("slipway_fleet_load_failures_total{kind=\"not_servable\"} 1.0"));
  }

  @Test
  @Order(2)
  void aRealModelIsInspectedLoadedAndServed() throws Exception {
    FixtureModel iris = FixtureModels.get("iris-logreg");
    Digest digest = ServingProcess.registry().publishBytes(Map.of(iris.file(), iris.content()));
    Digest broken = ServingProcess.registry()
        .publishBytes(Map.of("model.onnx", "not a model".getBytes(StandardCharsets.UTF_8)));
    Digest wide = ServingProcess.registry()
        .publishBytes(Map.of("model.onnx", FixtureModels.get("mlp").content()));
    ServingProcess.registry()
        .job(new Job(1, Job.INSPECT, "iris", 1, digest, Map.of(), Instant.now().plusSeconds(60)));
    ServingProcess.registry()
        .job(new Job(2, Job.INSPECT, "iris", 2, broken, Map.of(), Instant.now().plusSeconds(60)));
    ServingProcess.registry()
        .feed(Feeds.feed(
            8,
            Feeds.model(
                "iris",
                Feeds.version(1, digest, Role.LIVE),
                Feeds.version(2, broken, Role.PREPARE)),
            Feeds.model("wide", Feeds.version(1, wide, Role.LIVE))));

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> given()
            .get("/fleet")
            .then()
            .body("registry.revision", equalTo(8))
            .body("models.find { it.name == 'iris' }.live_ready", equalTo(true))
            .body("models.find { it.name == 'wide' }.live_ready", equalTo(true))
            .body(
                "models.find { it.name == 'iris' }.versions.find { it.version == 2 }.state",
                equalTo("FAILED")));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ServingProcess.registry().results.keySet().containsAll(List.of(1L, 2L)));
    JobResult good = ServingProcess.registry().results.get(1L);
    assertThat(good.outcome()).isEqualTo(JobResult.Outcome.SERVABLE);
    assertThat(good.format()).isEqualTo("onnx");
    assertThat(good.signature().inputs()).hasSize(iris.inputs().size());
    JobResult bad = ServingProcess.registry().results.get(2L);
    assertThat(bad.outcome()).isEqualTo(JobResult.Outcome.NOT_SERVABLE);
    assertThat(bad.reason()).isNotBlank().doesNotContain("/tmp");
    try (ServableHandle handle = servables.acquire("iris", VersionSelector.Live.ANY)) {
      assertThat(handle.digest()).isEqualTo(digest);
      assertThat(TrialRun.run(handle.loaded(), 1)).isEmpty();
    }
  }
}
