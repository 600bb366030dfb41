package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static dev.slipway.registry.release.Scene.rollBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Waiting;
import dev.slipway.registry.release.Scene;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two at once, and a database that somebody else keeps busy. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ConcurrentReviewTest {
  @Inject
  Scene scene;

  @Inject
  AgroalDataSource database;

  @Inject
  Waiting waiting;

  @Test
  void oneOfTwoReviewersAtOnceMakesTheMoveAndTheOtherIsToldSo() throws Exception {
    scene.model("both", 1);
    ask("both", 1, "Staging");
    long request = ask("both", 1, "Production");
    assertThat(together(
            () -> approve("bob", request).statusCode(),
            () -> approve("carol", request).statusCode()))
        .containsExactlyInAnyOrder(200, 409);
    awaitSettled(request, "applied");
    Scene.get("/requests/" + request).body("approvals.size()", is(1));
  }

  @Test
  void approvalsOfTwoReviewersAtOnceBothCountAndTheMoveIsMadeOnce() throws Exception {
    scene.model("twofold", 1);
    put("root", "/models/twofold/policy", reviewed(0, 2, 0)).then().statusCode(200);
    ask("twofold", 1, "Staging");
    long request = ask("twofold", 1, "Production");
    assertThat(together(
            () -> approve("bob", request).statusCode(),
            () -> approve("carol", request).statusCode()))
        .containsExactly(200, 200);
    awaitSettled(request, "applied");
    Scene.get("/models/twofold/releases").body("releases.size()", is(1));
  }

  @Test
  void rollbackWaitsForNoOtherModelAndNeverHangsOnItsOwn() throws Exception {
    scene.model("busy-other", 1);
    scene.model("locked-out", 2);
    promote("locked-out", 1);
    promote("locked-out", 2);
    try (var _ = new Held("select 1 from registered_model where name = 'busy-other' for update");
        var _ = new Held("select 1 from transition_request for update")) {
      long since = System.nanoTime();
      rollBack("rita", "locked-out").then().statusCode(200).body("state", is("live"));
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));
    }
    promote("locked-out", scene.version("locked-out"));
    try (var _ = new Held("select 1 from registered_model where name = 'locked-out' for update")) {
      long since = System.nanoTime();
      rollBack("rita", "locked-out")
          .then()
          .statusCode(503)
          .header("Retry-After", is("2"))
          .body("type", is("urn:slipway:problem:unavailable"));
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(12));
    }
    rollBack("rita", "locked-out").then().statusCode(200);
    assertThat(scene.live("locked-out")).isEqualTo(1);
  }

  @Test
  void requestThatFallsDueWhileItIsBeingApprovedIsApproved() throws Exception {
    scene.model("due", 1);
    Map<String, Object> rule = Map.of("approvals", 1, "expires_after", "PT3S");
    put("root", "/models/due/policy", Map.of("mode", "reviewed", "moves", Map.of("Staging", rule)))
        .then()
        .statusCode(200);
    long request = ask("due", 1, "Staging");
    try (var pool = Executors.newSingleThreadExecutor()) {
      Future<Integer> answer;
      // Not "for update": the request's checks, computed meanwhile, would wait too, with the model
      // locked.
      try (var _ = new Held(
          "select 1 from transition_request where id = " + request + " for no key update")) {
        answer = pool.submit(() -> approve("bob", request).statusCode());
        waiting.awaitLockIn("update transition_request set digest");
        Thread.sleep(Duration.ofSeconds(3));
      }
      assertThat(answer.get()).isEqualTo(200);
    }
    awaitSettled(request, "applied");
  }

  private static List<Integer> together(Callable<Integer> one, Callable<Integer> other)
      throws Exception {
    var start = new CountDownLatch(1);
    try (var pool = Executors.newFixedThreadPool(2)) {
      var first = pool.submit(() -> {
        start.await();
        return one.call();
      });
      var second = pool.submit(() -> {
        start.await();
        return other.call();
      });
      start.countDown();
      return List.of(first.get(), second.get());
    }
  }

  /** Rows that a statement locks, and keeps locked while it sleeps. */
  private final class Held implements AutoCloseable {
    private final Thread thread;
    private final String locking;
    private volatile java.sql.Statement statement;

    Held(String locking) {
      this.locking = locking;
      thread = Thread.ofPlatform().start(this::hold);
      Awaitility.await().until(this::isHeld);
    }

    private void hold() {
      try (var connection = database.getConnection();
          var sleeping = connection.createStatement()) {
        statement = sleeping;
        sleeping.execute(
            "with held as materialized (" + locking + ") select count(*), pg_sleep(30) from held");
      } catch (SQLException cancelled) {
        assertThat(cancelled.getSQLState()).isEqualTo("57014");
      }
    }

    private boolean isHeld() throws SQLException {
      try (var connection = database.getConnection();
          var asking = connection.prepareStatement(
              "select 1 from pg_stat_activity where wait_event = 'PgSleep' and strpos(query, ?) > 0")) {
        asking.setString(1, locking);
        return statement != null && asking.executeQuery().next();
      }
    }

    @Override
    public void close() throws SQLException {
      statement.cancel();
      Awaitility.await().until(() -> !thread.isAlive());
    }
  }
}
