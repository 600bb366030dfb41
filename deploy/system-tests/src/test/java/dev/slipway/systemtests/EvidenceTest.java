package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.BadModels;
import dev.slipway.systemtests.scenario.IrisModels;
import dev.slipway.systemtests.scenario.PredictLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gateway finds out about versions that nobody has loaded yet, while it serves others. */
class EvidenceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static Cluster cluster;
  private static RegistryApi registry;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual()
        .withDirectory()
        .withServingSettings(Map.of(
            "slipway.serving.jobs.time-limit", "20S", "slipway.serving.jobs.max-memory", "800M")));
    registry = cluster.registry();
    registry.createModel("steady").expect(201);
    registry.waiveApprovals("steady");
    registry.promote("steady", registry.addVersion("steady", IrisModels.onnx(1)));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void modelsThatHangOrExhaustMemoryAreRefusedAndTheOthersAreServedMeanwhile() {
    registry.createModel("deadly").expect(201);
    List<PredictLoad.Sample> samples;
    int endless;
    int exhausting;
    try (PredictLoad load = PredictLoad.on(
        List.of(cluster.serving().url()), "steady", IrisModels.ROW, 2, Duration.ofMillis(5))) {
      endless = registry.addVersion("deadly", BadModels.deadly("endless"));
      exhausting = registry.addVersion("deadly", BadModels.deadly("exhausting"));
      assertThat(whyNotServable("deadly", endless))
          .contains("was stopped while the model answered");
      assertThat(whyNotServable("deadly", exhausting)).contains("more than 800 MiB of memory");
      samples = load.take();
    }
    assertThat(samples).hasSizeGreaterThan(100).noneMatch(PredictLoad.Sample::failed);
    assertThat(registry.askForProduction("deadly", endless).status()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource({
    "crashing-load, while the model was loaded",
    "crashing-run, while the model answered a request"
  })
  @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
  void aModelThatCrashesWhatTriesItIsRefusedAndTheGatewayGoesOn(String kind, String when) {
    registry.createModel(kind).expect(201);
    registry.waiveApprovals(kind);
    long gateway = cluster.servings().getFirst().process().pid();
    try (PredictLoad load = PredictLoad.on(
        List.of(cluster.serving().url()), "steady", IrisModels.ROW, 2, Duration.ofMillis(5))) {
      int version = registry.addVersion(kind, BadModels.deadly(kind));
      // At once: it must not be loaded where it would be served before it was tried.
      Answer asked = registry.askForProduction(kind, version);

      assertThat(whyNotServable(kind, version)).contains("crashed " + when);

      assertThat(asked.status() == 201 ? registry.awaitRelease(asked.json()) : asked.json())
          .asString()
          .contains("crashed");
      assertThat(registry.live(kind)).isZero();
      assertThat(load.take()).hasSizeGreaterThan(50).noneMatch(PredictLoad.Sample::failed);
    }
    assertThat(cluster.servings().getFirst().process().isAlive()).isTrue();
    assertThat(cluster.servings().getFirst().process().pid()).isEqualTo(gateway);
  }

  @Test
  void aRequestIsReviewedOnWhatTheGatewayFound() {
    registry.createModel("examined").expect(201);
    registry.waiveApprovals("examined");
    registry.promote("examined", withGolden("examined", 1, "0"));
    registry
        .putPolicy(
            "examined",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", Map.of("approvals", 1, "checks", List.of("golden", "loads")))))
        .expect(200);
    int wrong = withGolden("examined", 2, "77");

    long request = registry
        .askForProduction("examined", wrong)
        .expect(201)
        .json()
        .path("id")
        .asLong();

    awaitVerdict(request, "golden", "red");
    awaitVerdict(request, "loads", "green");
    awaitVerdict(request, "signature", "green");
    awaitVerdict(request, "artifact-safety", "green");
    JsonNode latency = awaitVerdict(request, "latency", "green");
    assertThat(latency.at("/data/live/p95_ms").asDouble()).isPositive();
    assertThat(latency.at("/data/version/p99_ms").asDouble()).isPositive();
    Answer refused = registry.decide(request, "approve", RegistryApi.REVIEWER);
    assertThat(refused.expect(409).text("detail")).contains("golden");
    assertThat(registry.live("examined")).isEqualTo(1);
  }

  @Test
  void whatCallersSentIsReplayedOnBothAndOnlyFiguresLeaveTheMachine() {
    registry.createModel("agreed").expect(201);
    registry.waiveApprovals("agreed");
    registry.promote("agreed", registry.addVersion("agreed", IrisModels.onnx(1)));
    registry.putSettings("agreed", Map.of("sample_requests", 5)).expect(200);
    registry.needsApprovals("agreed", 1);
    int wanted = registry.addVersion("agreed", IrisModels.onnx(2));
    Awaitility.await().atMost(PATIENCE).until(() -> {
      cluster.serving().infer("agreed", IrisModels.ROW).expect(200);
      return samples() == 5;
    });

    long request = registry
        .askForProduction("agreed", wanted)
        .expect(201)
        .json()
        .path("id")
        .asLong();

    JsonNode agreement = awaitVerdict(request, "agreement", "warning");
    assertThat(agreement.at("/data/requests").asInt()).isEqualTo(5);
    assertThat(agreement.at("/data/agreeing_share").asDouble()).isZero();
    assertThat(agreement.at("/data/top/0/output").asText()).isNotEmpty();
    registry.putSettings("agreed", Map.of()).expect(200);
    Awaitility.await().atMost(PATIENCE).until(() -> samples() == 0);
  }

  private static long samples() {
    Path rings = cluster.dataOf(0).resolve("samples");
    try (var files = Files.exists(rings) ? Files.walk(rings) : Stream.<Path>empty()) {
      return files.filter(file -> file.toString().endsWith(".sample")).count();
    } catch (IOException | UncheckedIOException changing) {
      return -1;
    }
  }

  /** A version whose golden case says that the flower is of this class. */
  private static int withGolden(String model, int iris, String label) {
    int number = registry.beginVersion(model);
    registry
        .put(model, number, "model.onnx", BodyPublishers.ofByteArray(IrisModels.onnx(iris)))
        .expect(201);
    String golden =
        "{\"request\": " + IrisModels.ROW + ", \"response\": {\"outputs\": [{\"name\": \""
            + labelOutput() + "\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [" + label
            + "]}]}}";
    registry
        .put(model, number, "golden/flower.json", BodyPublishers.ofString(golden))
        .expect(201);
    registry.complete(model, number).expect(200);
    return number;
  }

  private static String labelOutput() {
    JsonNode outputs =
        cluster.serving().infer("steady", IrisModels.ROW).expect(200).json().path("outputs");
    return outputs.path(0).path("name").asText();
  }

  private static String whyNotServable(String model, int version) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !servable(model, version).path("state").asText().equals("unknown"));
    JsonNode servable = servable(model, version);
    assertThat(servable.path("state").asText()).as(servable.toString()).isEqualTo("no");
    return servable.path("reason").asText();
  }

  private static JsonNode servable(String model, int version) {
    return registry.getVersion(model, version).expect(200).json().path("servable");
  }

  private static JsonNode awaitVerdict(long request, String name, String verdict) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !List.of("pending", "stale", "")
            .contains(check(request, name).path("verdict").asText()));
    JsonNode check = check(request, name);
    assertThat(check.path("verdict").asText()).as(check.toString()).isEqualTo(verdict);
    return check;
  }

  private static JsonNode check(long request, String name) {
    return Http.get(registry.url().resolve("/api/v1/requests/" + request))
        .expect(200)
        .json()
        .path("checks")
        .valueStream()
        .filter(check -> check.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
