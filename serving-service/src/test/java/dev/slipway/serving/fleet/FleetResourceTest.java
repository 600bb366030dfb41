package dev.slipway.serving.fleet;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Role;
import dev.slipway.serving.testing.Feeds;
import dev.slipway.serving.testing.ServingProcess;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = ServingProcess.class, restrictToAnnotatedClass = true)
class FleetResourceTest {

  @Test
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
}
