package dev.slipway.registry.api;

import static dev.slipway.registry.release.Scene.promote;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** What Prometheus and a load balancer are told. Other tests count too, so that a figure is only known to grow. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class MetricsTest {
  @Inject
  Scene scene;

  @Test
  void aPromotionIsCountedFromItsRequestToTheFeed() {
    scene.model("measured", 2);
    promote("measured", 1);
    looked();
    double[] before = figures();

    promote("measured", 2);
    looked();

    double[] after = figures();
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).as("figure %d", i).isGreaterThan(before[i]);
    }
  }

  @Test
  void noNameOfAModelOrAPersonIsALabel() {
    scene.model("never-a-label", 1);
    promote("never-a-label", 1);

    assertThat(metrics().lines().filter(line -> line.startsWith("slipway_")).toList())
        .isNotEmpty()
        .noneMatch(line -> line.contains("never-a-label") || line.contains("alice"));
  }

  @Test
  void readinessTellsOfTheStoreAndTheDatabase() {
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("status", is("UP"))
        .body("checks.name", hasItem("object store"))
        .body("checks.find { it.name == 'object store' }.data.reachable", is(true));
  }

  private static double[] figures() {
    return new double[] {
      figure("slipway_transitions_total", "outcome=\"requested\",to=\"Production\""),
      figure("slipway_transitions_total", "outcome=\"granted\",to=\"Production\""),
      figure("slipway_approvals_total", "to=\"Production\""),
      figure("slipway_releases_total", "kind=\"promotion\",outcome=\"live\""),
      figure("slipway_feed_revision", "")
    };
  }

  /** A feed is built when somebody asks for it. */
  private static void looked() {
    given().accept("text/html").get("/gateways").then().statusCode(200);
  }

  private static double figure(String name, String labels) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String metrics() {
    return given().get("/q/metrics").then().statusCode(200).extract().asString();
  }
}
