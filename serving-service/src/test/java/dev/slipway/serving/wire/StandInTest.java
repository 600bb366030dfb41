package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.serving.testing.InferStream;
import dev.slipway.serving.wire.Gateway.Answer;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a version on trial does wrong costs no caller an answer: the live version gives it, in every protocol. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class StandInTest {
  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";
  private static final String ROW = "[[5.1,3.5,1.4,0.2]]";

  @Inject
  FixtureServables servables;

  @Inject
  RequestMemory memory;

  @Inject
  MeterRegistry meters;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  private ManagedChannel channel;

  /**
   * A way to ask.
   *
   * @param path with %s for the model
   */
  record Call(String path, String body) {}

  @BeforeEach
  void connect() {
    Trials.MODELS.forEach(servables.trials()::take);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @AfterEach
  void nothingIsLeft() {
    channel.shutdownNow();
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
    await().untilAsserted(() -> assertThat(memory.held()).isZero());
  }

  static Stream<Call> calls() {
    return Stream.of(
        new Call("/v2/models/%s/infer", FLOWER),
        new Call("/models/%s/predict", "{\"inputs\":{\"X\":" + ROW + "}}"),
        new Call("/v1/models/%s:predict", "{\"instances\":" + ROW + "}"),
        new Call("/models/%s/invocations", "{\"inputs\":" + ROW + "}"));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void theLiveVersionAnswersForOneThatFails(Call call) {
    Answer answer = post(call, Trials.FAILING);

    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
    assertThat(servables.trials().take(Trials.FAILING)).containsExactly("failed");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void itAnswersForOneThatHangsInTheTimeThatIsLeft(Call call) {
    Answer answer = post(call, Trials.HANGING, "X-Slipway-Timeout-Ms", "1500");

    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
    assertThat(servables.trials().take(Trials.HANGING)).containsExactly("failed");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void itAnswersForOneThatRefusesWhatItTakes(Call call) {
    Answer answer = post(call, Trials.NARROW);

    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
    assertThat(servables.trials().take(Trials.NARROW)).containsExactly("refused");
  }

  @Test
  void theAnswerSaysWhoGaveItAndTheMetricsWhoDidNot() {
    double before = covered();

    Answer answer = post(calls().findFirst().orElseThrow(), Trials.FAILING);

    assertThat(answer.json().path("model_version").asText()).isEqualTo("1");
    assertThat(covered()).isEqualTo(before + 1);
  }

  private double covered() {
    return meters
        .find("slipway_predict_requests")
        .tags("model", Trials.FAILING, "version", "2", "outcome", "covered", "protocol", "oip-http")
        .counters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void whatBothFailOnIsTheLiveVersionsError() {
    Answer answer = post(calls().findFirst().orElseThrow(), Trials.HOPELESS);

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
  }

  @Test
  void whatNeitherTakesIsRefusedAsTheLiveVersionRefusesIt() {
    Answer answer =
        Gateway.post("/v2/models/" + Trials.NARROW + "/infer", FLOWER.replace("\"X\"", "\"Z\""));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
  }

  @Test
  void callsAndStreamsAreAnsweredToo() throws InterruptedException {
    for (String model : List.of(Trials.FAILING, Trials.HANGING, Trials.NARROW)) {
      var answer = GRPCInferenceServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(2, TimeUnit.SECONDS)
          .modelInfer(flower(model));
      assertThat(answer.getModelVersion()).as(model).isEqualTo("1");
      assertThat(servables.trials().take(model)).hasSize(1);
    }
    var stream = new InferStream(GRPCInferenceServiceGrpc.newStub(channel));
    stream.send(flower(Trials.FAILING));
    ModelStreamInferResponse answer = stream.next();
    stream.finish();
    assertThat(answer.getErrorMessage()).isEmpty();
    assertThat(answer.getInferResponse().getModelVersion()).isEqualTo("1");
  }

  @Test
  void aCallThatBothFailOnHasOneError() {
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .modelInfer(flower(Trials.HOPELESS)));

    assertThat(error.getStatus().getCode()).isEqualTo(Code.INTERNAL);
  }

  private static String text(Answer answer) {
    return new String(answer.bytes(), StandardCharsets.UTF_8);
  }

  private static Answer post(Call call, String model, String... headers) {
    String[] typed = Stream.concat(
            Stream.of("Content-Type", "application/json"), Stream.of(headers))
        .toArray(String[]::new);
    return Gateway.post(call.path().formatted(model), call.body(), typed);
  }

  private static ModelInferRequest flower(String model) {
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addShape(1)
            .addShape(4)
            .setContents(InferTensorContents.newBuilder()
                .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f))))
        .build();
  }
}
