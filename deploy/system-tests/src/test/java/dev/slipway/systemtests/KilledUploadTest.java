package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.RacingPromotions;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The registry is killed when an upload's object is in the bucket and its row is not yet committed. */
class KilledUploadTest {
  private static final String MODEL = "half-uploaded";

  @Test
  void aKillBetweenObjectAndRowLeavesNothingVisibleAndTheObjectIsCollected() throws Exception {
    ClusterPlan plan = ClusterPlan.usual()
        .withServings(0)
        .withRegistrySettings(Map.of("slipway.gc.every", "1s", "slipway.gc.delay", "1s"));
    try (Cluster cluster = Cluster.start(plan);
        ObjectStore bucket = ObjectStores.open(cluster.bucket())) {
      RegistryApi registry = cluster.registry();
      registry.createModel(MODEL).expect(201);
      int version = registry.beginVersion(MODEL);

      try (Connection connection = cluster.database().connect("slipway");
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        // Whoever would write the blob's row waits here, with the object written.
        statement.execute("lock table blob in exclusive mode");
        CompletableFuture<Boolean> answered =
            CompletableFuture.supplyAsync(() -> upload(registry, version));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
          assertThat(bucket.list("", null, 10)).hasSize(1);
          assertThat(RacingPromotions.count(
                  cluster, "select count(*) from pg_locks where not granted"))
              .isPositive();
        });
        cluster.registries().getFirst().kill();
        assertThat(answered.join()).as("the caller got no answer").isFalse();
        connection.rollback();
      }
      cluster.registries().getFirst().start();

      assertThat(
              registry.getModel(MODEL, "/versions/" + version + "/files").json().path("files"))
          .isEmpty();
      assertThat(registry.complete(MODEL, version).status())
          .as("nothing to complete")
          .isBetween(400, 499);
      assertThat(bucket.list("", null, 10)).as("the orphan").hasSize(1);

      // Seven hours later.
      try (Connection connection = cluster.database().connect("slipway");
          Statement statement = connection.createStatement()) {
        statement.execute("update upload set heartbeat = heartbeat - interval '7 hours'");
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(bucket.list("", null, 10)).isEmpty());
    }
  }

  private static boolean upload(RegistryApi registry, int version) {
    try {
      return registry
              .put(MODEL, version, "model.onnx", BodyPublishers.ofByteArray(new byte[100_000]))
              .status()
          < 300;
    } catch (UncheckedIOException broken) {
      return false;
    }
  }
}
