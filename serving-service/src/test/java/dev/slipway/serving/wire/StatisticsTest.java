package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.grpc.proto.InferStatistics;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelStatistics;
import dev.slipway.serving.wire.grpc.proto.ModelStatisticsRequest;
import dev.slipway.serving.wire.grpc.proto.StatisticDuration;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Triton's statistics extension, over HTTP and gRPC. Others may have asked the same gateway before: what counts is the difference. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class StatisticsTest {
  private static final String TOGETHER = "/v2/models/" + FixtureServables.TOGETHER;
  private static final List<String> PARTS =
      List.of("queue", "compute_input", "compute_infer", "compute_output");

  @Inject
  FixtureServables servables;

  private GrpcGateway gateway;

  @BeforeEach
  void connect() {
    gateway = new GrpcGateway();
  }

  @AfterEach
  void hangUp() {
    gateway.close();
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static JsonNode stats(String path) {
    Gateway.Answer answer = Gateway.get(path);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().get("model_stats");
  }

  private static long count(JsonNode stats, String part) {
    return stats.at("/inference_stats/" + part + "/count").asLong();
  }

  private static long nanos(JsonNode stats, String part) {
    return stats.at("/inference_stats/" + part + "/ns").asLong();
  }

  private static long runs(JsonNode stats, int rows) {
    return StreamSupport.stream(stats.get("batch_stats").spliterator(), false)
        .filter(batch -> batch.get("batch_size").asInt() == rows)
        .mapToLong(batch -> batch.at("/compute_infer/count").asLong())
        .sum();
  }

  private static int ask(String model, int rows) {
    String data = "1,2,".repeat(rows);
    return Gateway.post(
            model + "/infer",
            "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[" + rows
                + ",2],\"data\":[" + data.substring(0, data.length() - 1) + "]}]}")
        .status();
  }

  @Test
  void rowsRequestsAndRunsAreCountedWithWhatTheyTook() {
    assertThat(ask(TOGETHER, 3)).isEqualTo(200);
    JsonNode before = stats(TOGETHER + "/stats").get(0);
    long began = System.currentTimeMillis();
    for (int i = 0; i < 4; i++) {
      assertThat(ask(TOGETHER, 3)).isEqualTo(200);
    }
    JsonNode after = stats(TOGETHER + "/versions/1/stats").get(0);

    assertThat(after.get("name").asText()).isEqualTo(FixtureServables.TOGETHER);
    assertThat(after.get("version").asText()).isEqualTo("1");
    assertThat(after.get("last_inference").asLong())
        .isBetween(began - 2, System.currentTimeMillis() + 2);
    assertThat(growth(before, after, "inference_count")).isEqualTo(12);
    assertThat(growth(before, after, "execution_count")).isEqualTo(4);
    assertThat(runs(after, 3) - runs(before, 3)).isEqualTo(4);
    assertThat(count(after, "success") - count(before, "success")).isEqualTo(4);
    long parts = 0;
    for (String part : PARTS) {
      assertThat(count(after, part) - count(before, part)).as(part).isEqualTo(4);
      long nanos = nanos(after, part) - nanos(before, part);
      assertThat(nanos).as(part).isPositive();
      parts += nanos;
    }
    assertThat(parts).isLessThanOrEqualTo(nanos(after, "success") - nanos(before, "success"));
    assertThat(count(after, "fail")).isEqualTo(count(before, "fail"));
  }

  private static long growth(JsonNode before, JsonNode after, String field) {
    return after.get(field).asLong() - before.get(field).asLong();
  }

  @Test
  void requestsThatRunTogetherAreMoreThanTheirRuns() {
    assertThat(ask(TOGETHER, 1)).isEqualTo(200);
    JsonNode first = stats(TOGETHER + "/stats").get(0);
    await().untilAsserted(() -> {
      CompletableFuture.allOf(IntStream.range(0, 200)
              .mapToObj(_ -> CompletableFuture.runAsync(
                  () -> assertThat(ask(TOGETHER, 1)).isEqualTo(200),
                  task -> Thread.ofVirtual().start(task)))
              .toArray(CompletableFuture[]::new))
          .join();
      JsonNode now = stats(TOGETHER + "/stats").get(0);
      assertThat(growth(first, now, "inference_count"))
          .isEqualTo(count(now, "compute_infer") - count(first, "compute_infer"))
          .isEqualTo(count(now, "success") - count(first, "success"))
          .isGreaterThan(growth(first, now, "execution_count"));
    });
  }

  /** Its rows are not known to be independent: nobody has tried. */
  @Test
  void aRequestToAModelWithoutBatchesIsOneInference() {
    String model = "/v2/models/identity-fp32";
    assertThat(ask(model, 1)).isEqualTo(200);
    JsonNode before = stats(model + "/stats").get(0);
    assertThat(ask(model, 5)).isEqualTo(200);
    JsonNode after = stats(model + "/stats").get(0);

    assertThat(growth(before, after, "inference_count")).isEqualTo(1);
    assertThat(runs(after, 1) - runs(before, 1)).isEqualTo(1);
    assertThat(runs(after, 5)).isZero();
  }

  @Test
  void aFailureIsCountedAndACallersMistakeIsNot() {
    String broken = "/v2/models/" + FixtureServables.BROKEN;
    JsonNode before = stats(broken + "/stats").get(0);
    Gateway.Answer refused = Gateway.post(broken + "/infer", "{\"inputs\":[]}");
    Gateway.Answer failed = Gateway.post(
        broken + "/infer",
        "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]}]}");
    JsonNode after = stats(broken + "/stats").get(0);

    assertThat(List.of(refused.status(), failed.status())).containsExactly(400, 500);
    assertThat(count(after, "fail") - count(before, "fail")).isEqualTo(1);
    assertThat(nanos(after, "fail")).isGreaterThan(nanos(before, "fail"));
    assertThat(List.of(count(after, "success"), after.get("execution_count").asLong()))
        .containsOnly(0L);
    assertThat(after.get("last_inference").asLong()).isZero();
  }

  @Test
  void eachVersionHasItsOwn() {
    assertThat(stats("/v2/models/iris-logreg/stats").findValuesAsText("version"))
        .containsExactly("1", "2");
    assertThat(stats("/v2/models/iris-logreg/stats?alias=next").findValuesAsText("version"))
        .containsExactly("2");
    assertThat(stats("/v2/models/iris-logreg/versions/next/stats").findValuesAsText("version"))
        .containsExactly("2");
    assertThat(stats("/v2/models/stats").findValuesAsText("name"))
        .containsAll(List.of("iris-logreg", FixtureServables.TOGETHER, "encoder"));
  }

  @Test
  void bothProtocolsCountInOnePlaceAndSayTheSame() {
    ModelInferRequest request = ModelInferRequest.newBuilder()
        .setModelName("mlp")
        .addInputs(InferInputTensor.newBuilder()
            .setName("input")
            .setDatatype("FP32")
            .addAllShape(List.of(1L, 64L)))
        .addRawInputContents(com.google.protobuf.ByteString.copyFrom(new byte[4 * 64]))
        .build();
    long before = mlp().getInferenceStats().getSuccess().getCount();
    assertThat(gateway.call().modelInfer(request).getModelName()).isEqualTo("mlp");
    // The answer is sent before it is counted.
    await().until(() -> mlp().getInferenceStats().getSuccess().getCount() == before + 1);

    ModelStatistics grpc = mlp();
    JsonNode http = stats("/v2/models/mlp/stats").get(0);
    InferStatistics stats = grpc.getInferenceStats();
    Map.of(
            "success", stats.getSuccess(),
            "fail", stats.getFail(),
            "queue", stats.getQueue(),
            "compute_input", stats.getComputeInput(),
            "compute_infer", stats.getComputeInfer(),
            "compute_output", stats.getComputeOutput(),
            "cache_hit", stats.getCacheHit(),
            "cache_miss", stats.getCacheMiss())
        .forEach((part, duration) -> assertThat(duration)
            .as(part)
            .isEqualTo(StatisticDuration.newBuilder()
                .setCount(count(http, part))
                .setNs(nanos(http, part))
                .build()));
    assertThat(grpc.getLastInference()).isEqualTo(http.get("last_inference").asLong());
    assertThat(grpc.getInferenceCount()).isEqualTo(http.get("inference_count").asLong());
    assertThat(grpc.getExecutionCount()).isEqualTo(http.get("execution_count").asLong());
    assertThat(grpc.getBatchStats(0).getComputeInfer().getCount()).isEqualTo(runs(http, 1));
  }

  private ModelStatistics mlp() {
    return gateway
        .call()
        .modelStatistics(ModelStatisticsRequest.newBuilder().setName("mlp").build())
        .getModelStats(0);
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/models/nobody/stats, Request for unknown model",
    "/v2/models/nobody/config, Request for unknown model",
    "/v2/models/iris-logreg/versions/9/stats, no version 9",
    "/v2/models/iris-logreg/versions/9/config, no version 9",
    "/v2/models/iris-logreg/config?version=9, no version 9"
  })
  void whatIsNotServedHasNeither(String path, String message) {
    Gateway.Answer answer = Gateway.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().get("error").asText()).contains(message);
  }

  @Test
  void overGrpcNeither() {
    var unknown = ModelStatisticsRequest.newBuilder().setName("nobody").build();
    assertThat(catchThrowableOfType(
                StatusRuntimeException.class, () -> gateway.call().modelStatistics(unknown))
            .getStatus()
            .getCode())
        .isEqualTo(Code.NOT_FOUND);
    var version =
        ModelStatisticsRequest.newBuilder().setName("mlp").setVersion("9").build();
    assertThat(catchThrowableOfType(
                StatusRuntimeException.class, () -> gateway.call().modelStatistics(version))
            .getStatus()
            .getCode())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(gateway
            .call()
            .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
            .getModelStatsList())
        .extracting(ModelStatistics::getName)
        .contains("mlp", "iris-logreg");
  }
}
