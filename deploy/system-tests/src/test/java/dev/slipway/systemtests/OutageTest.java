package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.IrisModels;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Registry, PostgreSQL and MinIO are all killed. */
class OutageTest {
  private static final String MODEL = "lasting";

  @Test
  void predictionsGoOnWithoutTheRestAndOverAKillOfTheGatewayItself() {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual())) {
      RegistryApi registry = cluster.registry();
      IrisModels.register(registry, MODEL);
      registry.promote(MODEL, 1);
      Service gateway = cluster.servings().getFirst();

      cluster.registries().getFirst().kill();
      cluster.postgres().kill();
      cluster.minio().stop();

      predictAHundredTimes(cluster);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(cluster
                  .serving()
                  .infer(MODEL, IrisModels.ROW)
                  .headers()
                  .firstValue("X-Slipway-Stale-Since"))
              .as("it says that it is cut off")
              .isPresent());
      assertThat(cluster.serving().fleet().at("/registry/stale_since").asText()).isNotEmpty();

      gateway.kill();
      gateway.start();

      predictAHundredTimes(cluster);

      cluster.minio().resume();
      cluster.postgres().start();
      cluster.registries().getFirst().start();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(cluster
                  .serving()
                  .infer(MODEL, IrisModels.ROW)
                  .headers()
                  .firstValue("X-Slipway-Stale-Since"))
              .isEmpty());
      assertThat(registry.promote(MODEL, 2).path("state").asText()).isEqualTo("live");
      await()
          .untilAsserted(
              () -> assertThat(cluster.serving().infer(MODEL, IrisModels.ROW).version())
                  .isEqualTo(2));
    }
  }

  @Test
  void aRegistryThatIsStartedBeforeItsDatabaseWaitsForIt() throws Exception {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual())) {
      Service registry = cluster.registries().getFirst();
      registry.kill();
      cluster.postgres().kill();

      var started = CompletableFuture.runAsync(registry::start);
      Thread.sleep(Duration.ofSeconds(6));
      assertThat(started).isNotDone();
      cluster.postgres().start();

      assertThat(started).succeedsWithin(Duration.ofSeconds(60));
      IrisModels.register(cluster.registry(), MODEL);
    }
  }

  private static void predictAHundredTimes(Cluster cluster) {
    for (int i = 0; i < 100; i++) {
      Answer answer = cluster.serving().infer(MODEL, IrisModels.ROW).expect(200);
      assertThat(answer.version()).isEqualTo(1);
    }
  }
}
