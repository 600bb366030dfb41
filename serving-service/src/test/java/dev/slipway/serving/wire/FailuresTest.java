package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.serving.testing.InferStream;
import dev.slipway.serving.wire.Gateway.Answer;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.quarkus.logging.json.runtime.JsonFormatter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a run ends with an error of the virtual machine its caller is answered, nothing is left behind, and the log says which it was. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class FailuresTest {
  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";

  @Inject
  FixtureServables servables;

  @Inject
  RequestMemory memory;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger log = Logger.getLogger(FailureLog.class.getName());
  private final Handler asJson = new Handler() {
    private final JsonFormatter formatter = new JsonFormatter();

    @Override
    public void publish(LogRecord line) {
      lines.add(formatter.format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };
  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    log.addHandler(asJson);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @AfterEach
  void nothingIsLeft() {
    log.removeHandler(asJson);
    channel.shutdownNow();
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
    await().untilAsserted(() -> assertThat(memory.held()).isZero());
  }

  private JsonNode logged() throws InterruptedException, JsonProcessingException {
    return new ObjectMapper().readTree(lines.poll(20, TimeUnit.SECONDS));
  }

  private static ModelInferRequest flower(String model) {
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .setId("f1")
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addShape(1)
            .addShape(4)
            .setContents(InferTensorContents.newBuilder()
                .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f))))
        .build();
  }

  private static Metadata requestId(String id) {
    var metadata = new Metadata();
    metadata.put(REQUEST_ID, id);
    return metadata;
  }

  @Test
  void whoFindsNoMemoryIsToldToComeBack() {
    Answer answer = Gateway.post("/v2/models/no-memory/infer", FLOWER);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.json().get("error").asText()).contains("no memory left");
  }

  @ParameterizedTest
  @CsvSource({"no-memory, RESOURCE_EXHAUSTED", "broken, INTERNAL"})
  void aCallIsAnsweredToo(String model, Code code) {
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .modelInfer(flower(model)));
    assertThat(error.getStatus().getCode()).isEqualTo(code);
  }

  @Test
  void aStreamGoesOnAfterOne() throws InterruptedException {
    var stream = new InferStream(GRPCInferenceServiceGrpc.newStub(channel));
    stream.send(flower("broken"));
    ModelStreamInferResponse failed = stream.next();
    assertThat(failed.getErrorMessage()).contains("failed on this request");
    assertThat(failed.getInferResponse().getId()).isEqualTo("f1");
    stream.send(flower("iris-logreg"));
    assertThat(stream.next().getErrorMessage()).isEmpty();
    stream.finish();
  }

  @Test
  void theLogSaysWhichRequestOfWhichVersionFailed() throws Exception {
    Answer answer = Gateway.post("/v2/models/broken/infer", FLOWER, "X-Request-Id", "r-17");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.json().get("error").asText()).contains("r-17").doesNotContain("of the test");
    JsonNode line = logged();
    assertThat(line.at("/mdc/request_id").asText()).isEqualTo("r-17");
    assertThat(line.at("/mdc/model").asText()).isEqualTo("broken");
    assertThat(line.at("/mdc/version").asText()).isEqualTo("1");
    assertThat(line.get("level").asText()).isEqualTo("ERROR");
    assertThat(line.toString()).contains("NoClassDefFoundError");
  }

  @Test
  void theLogSaysItOfACallToo() throws Exception {
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(requestId("r-18")))
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .modelInfer(flower("broken")));
    assertThat(error.getStatus().getDescription()).doesNotContain("of the test");
    JsonNode line = logged();
    assertThat(line.at("/mdc/request_id").asText()).isEqualTo("r-18");
    assertThat(line.at("/mdc/model").asText()).isEqualTo("broken");
    assertThat(line.at("/mdc/version").asText()).isEqualTo("1");
  }

  /** More than a process can address, so that no machine has it. */
  @Test
  void aRuntimeThatFindsNoMemoryIsALackOfMemoryAndNoFailureOfTheModel() {
    String zeros =
        "{\"inputs\":[{\"name\":\"S\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[%d]}]}";
    String path = "/v2/models/" + FixtureServables.FILLING + "/infer";

    Answer answer = Gateway.post(path, zeros.formatted(1L << 46));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotNull();
    assertThat(answer.json().get("error").asText())
        .contains("needs more memory for this input than the gateway has left")
        .doesNotContain("onnxruntime");
    var asked = ModelInferRequest.newBuilder()
        .setModelName(FixtureServables.FILLING)
        .addInputs(InferInputTensor.newBuilder()
            .setName("S")
            .setDatatype("INT64")
            .addShape(1)
            .setContents(InferTensorContents.newBuilder().addInt64Contents(1L << 46)))
        .build();
    assertThat(catchThrowableOfType(
                StatusRuntimeException.class,
                () -> GRPCInferenceServiceGrpc.newBlockingStub(channel).modelInfer(asked))
            .getStatus()
            .getCode())
        .isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(Gateway.post(path, zeros.formatted(3)).status()).isEqualTo(200);
  }
}
