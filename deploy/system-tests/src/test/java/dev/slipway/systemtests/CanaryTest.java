package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.CanaryModels;
import dev.slipway.systemtests.scenario.IrisModels;
import dev.slipway.systemtests.scenario.PredictLoad;
import dev.slipway.systemtests.scenario.PredictLoad.Sample;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Releases in steps on two gateways under load. */
class CanaryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual().withDirectory().withServings(2));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "failing, failed requests",
    "slow, latency",
    "nan, NaN or infinity",
    "shifted, distribution"
  })
  void aCanaryThatFailsIsUndoneByItselfAndCostsNoCallerAnAnswer(String kind, String reason)
      throws Exception {
    String model = "canary-" + kind;
    RegistryApi registry = cluster.registry();
    // On a busy machine a version that has just been loaded may be slow for a moment: only one
    // story is about that.
    double latencyDelta = kind.equals("slow") ? 5 : 10_000;
    CanaryModels.register(registry, model, kind, CanaryModels.canary(20, latencyDelta));
    try (PredictLoad load = load(model)) {
      long release = askForVersion2(model);

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(release)).isEqualTo("undone"));

      JsonNode undone = registry.release(release).expect(200).json();
      assertThat(undone.path("reason").asText()).startsWith("step 1 failed by").contains(reason);
      assertThat(undone.at("/rollout/figures/released/requests").asLong()).isPositive();
      awaitAllOnVersion1();
      assertThat(load.take()).noneMatch(Sample::failed);
      for (int i = 0; i < 50; i++) {
        assertThat(cluster.serving().infer(model, IrisModels.ROW).expect(200).version())
            .isEqualTo(1);
      }
      assertThat(registry.live(model)).isEqualTo(1);
      assertThat(registry.getModel(model, "/history").body()).contains("all requests went back");
    }
  }

  @Test
  void aCanaryThatIsAsGoodAsLiveGoesLiveUnderLoadByItself() throws Exception {
    String model = "canary-good";
    CanaryModels.register(
        cluster.registry(),
        model,
        "good",
        Map.of(
            "kind",
            "canary",
            "steps",
            List.of(Map.of("percent", 20, "seconds", 2), Map.of("percent", 50, "seconds", 2)),
            "limits",
            Map.of("min_requests", 40, "min_latency_delta_ms", 50)));
    try (PredictLoad load = load(model)) {
      long release = askForVersion2(model);

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(release)).isEqualTo("live"));

      assertThat(cluster.registry().live(model)).isEqualTo(2);
      assertThat(load.take()).noneMatch(Sample::failed);
    }
  }

  @Test
  void aShadowShowsThatOutputsArePermutedAndNobodyHearsIt() throws Exception {
    String model = "shadowed";
    RegistryApi registry = cluster.registry();
    CanaryModels.register(
        registry,
        model,
        "permuted",
        Map.of("kind", "shadow", "limits", Map.of("min_requests", 40, "max_distance", 1.0)));
    try (PredictLoad load = load(model)) {
      long release = askForVersion2(model);

      await().atMost(PATIENCE).untilAsserted(() -> {
        JsonNode shadow =
            registry.release(release).expect(200).json().at("/rollout/figures/shadow");
        assertThat(shadow.path("compared").asLong()).isGreaterThan(40);
        assertThat(shadow.path("disagreed").asLong())
            .isEqualTo(shadow.path("compared").asLong());
        assertThat(shadow.path("distance").asDouble()).isPositive();
      });
      assertThat(state(release)).as("disagreement is shown, not judged").isEqualTo("stepping");
      assertThat(load.take()).allMatch(sample -> sample.version() == 1 && !sample.failed());

      registry
          .post(
              "/api/v1/releases/" + release + "/undo",
              RegistryApi.AUTHOR,
              Map.of("reason", "permuted"))
          .expect(200);
      assertThat(state(release)).isEqualTo("undone");
    }
  }

  @Test
  void aCanaryGoesOnWithoutTheRegistryAndARestartedGatewayJoinsInTheSameStep() throws Exception {
    String model = "lasting-canary";
    RegistryApi registry = cluster.registry();
    CanaryModels.register(
        registry, model, "good", Map.of("kind", "canary", "steps", List.of(Map.of("percent", 50))));
    long release = askForVersion2(model);
    Service gateway = cluster.servings().getLast();
    await().atMost(PATIENCE).until(() -> share(gateway.url(), model) > 0);
    cluster.registries().getFirst().kill();
    try {
      gateway.kill();
      gateway.start();
      int second = share(gateway.url(), model);
      assertThat(second).as("of 200 requests").isBetween(60, 140);
    } finally {
      cluster.registries().getFirst().start();
    }
    registry
        .post("/api/v1/releases/" + release + "/advance", RegistryApi.AUTHOR, Map.of())
        .expect(200);
    assertThat(state(release)).isEqualTo("live");
    assertThat(registry.live(model)).isEqualTo(2);
  }

  /** How many of 200 requests the gateway lets version 2 answer. */
  private static int share(URI gateway, String model) {
    int second = 0;
    for (int i = 0; i < 200; i++) {
      second += new dev.slipway.systemtests.cluster.ServingApi(gateway)
              .infer(model, IrisModels.ROW)
              .expect(200)
              .version()
          - 1;
    }
    return second;
  }

  private static PredictLoad load(String model) {
    List<URI> gateways = cluster.servings().stream().map(Service::url).toList();
    return PredictLoad.on(gateways, model, IrisModels.ROW, 2, Duration.ofMillis(4));
  }

  private static long askForVersion2(String model) {
    return cluster
        .registry()
        .askForProduction(model, 2)
        .expect(201)
        .json()
        .path("release_id")
        .asLong();
  }

  private static String state(long release) {
    return cluster.registry().release(release).expect(200).json().path("state").asText();
  }

  private static void awaitAllOnVersion1() {
    await().atMost(PATIENCE).untilAsserted(() -> {
      JsonNode replicas = cluster.registry().replicas().path("replicas");
      replicas.forEach(replica -> assertThat(replica.path("behind").asLong()).isZero());
    });
  }
}
