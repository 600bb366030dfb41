package dev.slipway.registry.release;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.testing.TestPostgres;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class FeedTest {
  @Inject
  Scene scene;

  @Inject
  Feeds feeds;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String database;

  @Test
  void waitingReplicaHearsOfACommitWithin50Milliseconds() throws Exception {
    scene.model("woken", 1);
    List<Long> micros = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      Feed known = feeds.current();
      CompletableFuture<Long> heard = waiting(known);
      scene.tag("woken", "round", String.valueOf(i));
      long committed = System.nanoTime();
      micros.add((heard.get(5, TimeUnit.SECONDS) - committed) / 1_000);
    }
    Collections.sort(micros);
    assertThat(micros.get(micros.size() / 2)).as("%s µs", micros).isLessThan(50_000);
  }

  @Test
  void commitOfAnotherRegistryIsHeardOf() throws Exception {
    Feed known = feeds.current();
    CompletableFuture<Long> heard = waiting(known);
    elsewhere("update feed set revision = revision + 1", "notify slipway_feed");
    heard.get(5, TimeUnit.SECONDS);
    assertThat(feeds.current().revision()).isGreaterThan(known.revision());
  }

  @Test
  void commitOfAnotherRegistryThatSaysHowFarTheFeedIsIsHeardOf() throws Exception {
    Feed known = feeds.current();
    CompletableFuture<Long> heard = waiting(known);
    elsewhere("""
        with bumped as (update feed set revision = revision + 1 returning epoch, revision)
        select pg_notify('slipway_feed', epoch::text || ' ' || revision::text) from bumped
        """);
    heard.get(5, TimeUnit.SECONDS);
    assertThat(feeds.current().revision()).isGreaterThan(known.revision());
  }

  @Test
  void lostNotificationIsMadeUpForByTheLookEachSecond() throws Exception {
    Feed known = feeds.current();
    CompletableFuture<Long> heard = waiting(known);
    elsewhere("update feed set revision = revision + 1");
    assertThat(heard).succeedsWithin(Duration.ofSeconds(3));
  }

  /** As another registry process would. */
  private void elsewhere(String... statements) throws SQLException {
    try (Connection other =
            DriverManager.getConnection(database, TestPostgres.USER, TestPostgres.PASSWORD);
        Statement statement = other.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void unchangedFeedIsNotSentAgain() throws Exception {
    Feed known = feeds.current();
    assertThat(feeds.await(known.epoch(), known.revision(), Duration.ofMillis(50)))
        .isEmpty();
    assertThat(feeds.await("another", known.revision(), Duration.ofMillis(50))).isPresent();
    assertThat(feeds.await(known.epoch(), known.revision() + 9, Duration.ofMillis(50)))
        .as("a replica that is ahead, as after a restored database")
        .isPresent();
  }

  @Test
  void internalRoutesAskForTheServiceToken() {
    given().get("/internal/v1/feed").then().statusCode(401).body("status", is(401));
    given()
        .header("X-Slipway-Service-Token", "guess")
        .get("/internal/v1/feed")
        .then()
        .statusCode(401);
    given()
        .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN)
        .get("/internal/v1/feed")
        .then()
        .statusCode(200)
        .body("epoch", notNullValue());
  }

  @Test
  void jobIsClaimedOnceAndItsAnswerSaysWhetherTheVersionCanBeServed() {
    scene.model("inspected", 1);
    Map<String, Object> job = claim("worker");
    while (!"inspected".equals(job.get("model"))) {
      job = claim("worker");
    }
    String result = "/internal/v1/jobs/" + job.get("id") + "/result";
    internal(Map.of("replica", "thief", "outcome", "SERVABLE"), result).then().statusCode(409);
    internal(
            Map.of(
                "replica",
                "worker",
                "outcome",
                "NOT_SERVABLE",
                "reason",
                "a pickle",
                "format",
                "pickle"),
            result)
        .then()
        .statusCode(204);
    internal(Map.of("replica", "worker", "outcome", "SERVABLE"), result).then().statusCode(409);

    Scene.ask("inspected", 1, "Staging");
    Scene.post("alice", "/models/inspected/requests", Map.of("version", 1, "to", "Production"))
        .then()
        .statusCode(409)
        .body("detail", org.hamcrest.Matchers.containsString("a pickle"));
  }

  private static Map<String, Object> claim(String replica) {
    return internal(
            Map.of("replica", replica, "kinds", List.of("inspect")), "/internal/v1/jobs/claim")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getMap("$");
  }

  private static io.restassured.response.Response internal(Map<String, ?> body, String path) {
    return given()
        .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN)
        .contentType("application/json")
        .body(body)
        .post(path);
  }

  /** Completes with the nano time at which a long poll that knows {@code known} was answered. */
  private CompletableFuture<Long> waiting(Feed known) throws InterruptedException {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var started = new java.util.concurrent.CountDownLatch(1);
    CompletableFuture<Long> answered = CompletableFuture.supplyAsync(
        () -> {
          started.countDown();
          try {
            feeds.await(known.epoch(), known.revision(), Duration.ofSeconds(20));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return System.nanoTime();
        },
        threads);
    started.await();
    return answered;
  }
}
