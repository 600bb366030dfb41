package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.serving.testing.InferStream;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What HTTP says in headers, gRPC says in metadata of the same names. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class GrpcMetadataTest {
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

  private GRPCInferenceServiceBlockingStub with(String name, String value) {
    return gateway
        .call()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(name, value)));
  }

  private static Metadata metadata(String name, String value) {
    var metadata = new Metadata();
    metadata.put(key(name), value);
    return metadata;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static ModelInferRequest flower() {
    return ModelInferRequest.newBuilder()
        .setModelName("iris-logreg")
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addShape(1)
            .addShape(4)
            .setContents(InferTensorContents.newBuilder()
                .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f))))
        .build();
  }

  /** A run that ends by its deadline only. */
  private static ModelInferRequest endless() {
    return ModelInferRequest.newBuilder()
        .setModelName(FixtureServables.SLOW)
        .addInputs(InferInputTensor.newBuilder()
            .setName("count")
            .setDatatype("INT64")
            .setContents(InferTensorContents.newBuilder().addInt64Contents(Long.MAX_VALUE)))
        .addInputs(InferInputTensor.newBuilder()
            .setName("start")
            .setDatatype("FP32")
            .addShape(1)
            .setContents(InferTensorContents.newBuilder().addFp32Contents(1)))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "x-slipway-user, alice, alice",
    "authorization, Basic Ym9iOnNlY3JldA==, bob",
    "authorization, Bearer something,",
    "other, carol,"
  })
  void theCallerIsCountedByTheNameThatItGives(String name, String value, String caller) {
    with(name, value).modelInfer(flower());
    assertThat(servables.caller()).isEqualTo(caller);
  }

  @Test
  void aReleaseThatSticksToAHeaderFindsItInAnyCase() {
    with("x-session", "s-17").modelInfer(flower());
    assertThat(servables.traits().header("X-Session")).isEqualTo("s-17");
    assertThat(servables.traits().header("X-Other")).isNull();
    assertThat(servables.traits().header("no key: at all")).isNull();
    int hash = servables.traits().contentHash();
    with("x-session", "s-18").modelInfer(flower());
    assertThat(servables.traits().contentHash()).as("of the same message").isEqualTo(hash);
  }

  @Test
  void theTimeoutOfHttpEndsTheRunToo() {
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> with("x-slipway-timeout-ms", "200").modelInfer(endless()));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @ParameterizedTest
  @CsvSource({"soon", "0", "-5"})
  void aTimeoutThatIsNoneIsRefused(String value) {
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> with("x-slipway-timeout-ms", value).modelInfer(flower()));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(error.getStatus().getDescription()).contains("X-Slipway-Timeout-Ms", value);
  }

  @Test
  void theRequestIdComesBack() {
    var headers = new AtomicReference<Metadata>();
    with("x-request-id", "r-42")
        .withInterceptors(
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
        .modelInfer(flower());
    assertThat(headers.get().get(key("x-request-id"))).isEqualTo("r-42");
  }

  @ParameterizedTest
  @CsvSource({"nobody, r-43", "iris-logreg, r-44"})
  void theRequestIdComesBackWithAnErrorToo(String model, String id) {
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> with("x-request-id", id)
            .modelInfer(ModelInferRequest.newBuilder().setModelName(model).build()));
    assertThat(error.getTrailers().get(key("x-request-id"))).isEqualTo(id);
  }

  @Test
  void aStreamsMetadataHoldsForItsRequests() throws Exception {
    var stream = new InferStream(GRPCInferenceServiceGrpc.newStub(gateway.channel())
        .withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(metadata("x-slipway-user", "dora"))));
    stream.send(flower());
    assertThat(stream.next().getErrorMessage()).isEmpty();
    assertThat(servables.caller()).isEqualTo("dora");
    stream.finish();
  }
}
