package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.IrisModels;
import dev.slipway.systemtests.scenario.PredictLoad;
import dev.slipway.systemtests.scenario.PredictLoad.Sample;
import dev.slipway.systemtests.scenario.RacingPromotions;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two registries; one of them, or the object store, is gone at the wrong moment, or the database is slow. */
class ReleaseUnderFaultsTest {
  /** How much longer the registry stays stopped, when another promotion is live: the long form by hand takes a minute. */
  private static final Duration LONGER =
      Duration.ofSeconds(Long.getLong("slipway.pause-seconds", 0));

  /** Instead of a status: the connection was closed without an answer. */
  private static final int CLOSED = 0;

  /** What a question to the slow database takes longer, there and back. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(50);
  /** A rollback asks the database so often one after the other, at most. */
  private static final int ROUND_TRIPS = 60;
  /** What it takes beside that, on a busy machine: the replicas' word on it is waited for two seconds at most. */
  private static final Duration REST = Duration.ofSeconds(4);

  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        Cluster.start(ClusterPlan.usual().withRegistries(2).withServings(2).withSlowLink());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aRegistryThatIsPausedInsideAPromotionWakesUpAndLoses() throws Exception {
    String model = "paused";
    RegistryApi awake = cluster.registry();
    Service sleeper = cluster.registries().getLast();
    awake.createModel(model).expect(201);
    awake.waiveApprovals(model);
    for (int i = 0; i < 3; i++) {
      awake.addVersion(model, IrisModels.onnx(i % 2 + 1));
    }
    awake.promote(model, 1);
    awake.request(model, 2, "Staging", RegistryApi.AUTHOR).expect(201);
    awake.request(model, 3, "Staging", RegistryApi.AUTHOR).expect(201);

    CompletableFuture<Answer> late = pausedWithTheModelLocked(sleeper, model, 2);
    try {
      Answer asked = awake.request(model, 3, "Production", RegistryApi.AUTHOR).expect(201);
      assertThat(awake.awaitRelease(asked.json()).path("state").asText()).isEqualTo("live");
      Thread.sleep(LONGER);
    } finally {
      sleeper.resume();
    }

    int answered = late.handle((answer, closed) -> closed == null ? answer.status() : CLOSED)
        .get();
    assertThat(answered)
        .as("what the sleeper answers; to a caller that was not heard for long it says nothing")
        .isIn(409, 503, LONGER.isZero() ? 409 : CLOSED);
    assertThat(awake.live(model)).isEqualTo(3);
    assertThat(new RegistryApi(sleeper.url()).live(model)).isEqualTo(3);
    assertThat(count("state = 'live' and r.to_number = 2", model)).isZero();
    assertThat(count("state = 'preparing'", model)).isZero();
    await()
        .untilAsserted(() ->
            assertThat(cluster.serving().infer(model, IrisModels.ROW).version()).isEqualTo(3));
  }

  @Test
  void aRollbackNeedsNoObjectStore() {
    String model = "unstored";
    RegistryApi registry = cluster.registry();
    IrisModels.register(registry, model);
    registry.promote(model, 1);
    registry.promote(model, 2);
    cluster.minio().stop();
    try {
      Answer answer = registry.rollback(model, RegistryApi.AUTHOR).expect(200);

      assertThat(answer.text("message")).isEqualTo("live on 2 of 2");
      assertThat(cluster.serving().infer(model, IrisModels.ROW).expect(200).version())
          .isEqualTo(1);
    } finally {
      cluster.minio().resume();
    }
  }

  /** The bound is the database's: so many round trips, one after the other. */
  @Test
  void aRollbackIsDoneWithoutTheObjectStoreOnASlowDatabaseAndNobodyHearsTheBadVersionAfterwards() {
    String model = "slowly-back";
    RegistryApi registry = cluster.registry();
    IrisModels.register(registry, model);
    registry.promote(model, 1);
    registry.promote(model, 2);
    List<URI> gateways = cluster.servings().stream().map(Service::url).toList();
    cluster.minio().stop();
    cluster.link().delay(ROUND_TRIP.dividedBy(2));
    try (PredictLoad load =
        PredictLoad.on(gateways, model, IrisModels.ROW, 2, Duration.ofMillis(2))) {
      long sent = System.nanoTime();
      Answer answer = registry.rollback(model, RegistryApi.AUTHOR).expect(200);
      long answered = System.nanoTime();

      assertThat(answer.text("message")).isEqualTo("live on 2 of 2");
      assertThat(Duration.ofNanos(answered - sent))
          .isLessThan(ROUND_TRIP.multipliedBy(ROUND_TRIPS).plus(REST));
      long before = load.sent();
      await().until(() -> load.sent() > before + 200);
      List<Sample> samples = load.take();
      assertThat(samples).noneMatch(Sample::failed);
      assertThat(samples.stream().filter(sample -> sample.sentNanos() > answered))
          .isNotEmpty()
          .allMatch(sample -> sample.version() == 1);
      assertThat(new RegistryApi(cluster.registries().getLast().url()).live(model))
          .isEqualTo(1);
    } finally {
      cluster.link().delay(Duration.ZERO);
      cluster.minio().resume();
    }
  }

  /**
   * Asks {@code sleeper} for a promotion, lets it wait for the model's row lock inside its transaction, stops it there, and then
   * grants it the lock.
   */
  private static CompletableFuture<Answer> pausedWithTheModelLocked(
      Service sleeper, String model, int version) throws SQLException {
    try (Connection connection = cluster.database().connect("slipway")) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("select 1 from registered_model where name = '" + model + "' for update");
      }
      CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() ->
          new RegistryApi(sleeper.url()).request(model, version, "Production", RegistryApi.AUTHOR));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() ->
              RacingPromotions.count(cluster, "select count(*) from pg_locks where not granted")
                  > 0);
      sleeper.pause();
      connection.rollback();
      return answer;
    }
  }

  private static long count(String condition, String model) {
    return RacingPromotions.count(
        cluster,
        "select count(*) from release r join registered_model m on m.id = r.model_id where m.name = '"
            + model + "' and r." + condition);
  }
}
