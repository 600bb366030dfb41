package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.grpc.proto.DataType;
import dev.slipway.serving.wire.grpc.proto.ModelConfig;
import dev.slipway.serving.wire.grpc.proto.ModelConfigRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInput;
import dev.slipway.serving.wire.grpc.proto.ModelInstanceGroup.Kind;
import dev.slipway.serving.wire.grpc.proto.ModelOutput;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Triton's model configuration extension, over HTTP and gRPC. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class ModelConfigTest {
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

  private ModelConfig grpc(String model, String version) {
    return gateway
        .call()
        .modelConfig(
            ModelConfigRequest.newBuilder().setName(model).setVersion(version).build())
        .getConfig();
  }

  private static JsonNode http(String path) {
    Gateway.Answer answer = Gateway.get("/v2/models/" + path);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void withoutBatchesAllDimensionsAreTheTensors() {
    JsonNode config = http("iris-logreg/config");
    assertThat(config.get("name").asText()).isEqualTo("iris-logreg");
    assertThat(config.get("platform").asText()).isEqualTo("onnxruntime_onnx");
    assertThat(config.get("backend").asText()).isEqualTo("onnxruntime");
    assertThat(config.at("/version_policy/specific/versions").toString()).isEqualTo("[1,2]");
    assertThat(config.get("max_batch_size").asInt()).isZero();
    assertThat(config.at("/input/0/name").asText()).isEqualTo("X");
    assertThat(config.at("/input/0/data_type").asText()).isEqualTo("TYPE_FP32");
    assertThat(config.at("/input/0/dims").toString()).isEqualTo("[-1,4]");
    assertThat(config.at("/output/0/data_type").asText()).isEqualTo("TYPE_INT64");
    assertThat(config.has("dynamic_batching")).isFalse();
    assertThat(config.at("/instance_group/0/kind").asText()).isEqualTo("KIND_CPU");
    assertThat(config.at("/instance_group/0/count").asInt())
        .isEqualTo(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    assertThat(config.at("/parameters/slipway_digest/string_value").asText())
        .startsWith("sha256:")
        .isNotEqualTo(http("iris-logreg/versions/2/config")
            .at("/parameters/slipway_digest/string_value")
            .asText());

    ModelConfig grpc = grpc("iris-logreg", "");
    ModelInput input = grpc.getInput(0);
    ModelOutput output = grpc.getOutput(0);
    assertThat(grpc.getMaxBatchSize()).isZero();
    assertThat(input.getName()).isEqualTo("X");
    assertThat(input.getDataType()).isEqualTo(DataType.TYPE_FP32);
    assertThat(input.getDimsList()).containsExactly(-1L, 4L);
    assertThat(output.getDataType()).isEqualTo(DataType.TYPE_INT64);
    assertThat(output.getDimsList()).containsExactly(-1L);
    assertThat(grpc.hasDynamicBatching()).isFalse();
    assertThat(grpc.getVersionPolicy().getSpecific().getVersionsList()).containsExactly(1L, 2L);
    assertThat(grpc.getInstanceGroup(0).getKind()).isEqualTo(Kind.KIND_CPU);
    assertThat(grpc.getParametersOrThrow("slipway_digest").getStringValue())
        .isEqualTo(config.at("/parameters/slipway_digest/string_value").asText());
  }

  @Test
  void withBatchesTheRowsAreNoDimension() {
    JsonNode config = http(FixtureServables.TOGETHER + "/config");
    assertThat(config.get("max_batch_size").asInt()).isEqualTo(16);
    assertThat(config.at("/input/0/dims").toString()).isEqualTo("[-1]");
    assertThat(config.at("/dynamic_batching/max_queue_delay_microseconds").asInt())
        .isZero();

    ModelConfig grpc = grpc(FixtureServables.TOGETHER, "1");
    assertThat(grpc.getMaxBatchSize()).isEqualTo(16);
    assertThat(grpc.getInput(0).getDimsList()).containsExactly(-1L);
    assertThat(grpc.getOutput(0).getDimsList()).containsExactly(-1L);
    assertThat(grpc.hasDynamicBatching()).isTrue();
  }

  /** As Triton calls them. */
  @Test
  void bytesAreStrings() {
    assertThat(http("identity-bytes/config").at("/input/0/data_type").asText())
        .isEqualTo("TYPE_STRING");
    assertThat(grpc("identity-bf16", "").getOutput(0).getDataType()).isEqualTo(DataType.TYPE_BF16);
  }

  @Test
  void aModelWithFewerRunsAtATimeSaysSo() {
    assertThat(http(FixtureServables.TINY_LIMITS + "/config")
            .at("/instance_group/0/count")
            .asInt())
        .isEqualTo(1);
  }

  @Test
  void whatIsNotServedHasNone() {
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> grpc("nobody", ""))
            .getStatus()
            .getCode())
        .isEqualTo(Code.NOT_FOUND);
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> grpc("iris-logreg", "-1"))
            .getStatus()
            .getCode())
        .isIn(Code.INVALID_ARGUMENT, Code.NOT_FOUND);
  }
}
