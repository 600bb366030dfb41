package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.testing.InferStream;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.slipway.serving.wire.grpc.proto.InferParameter;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferRequestedOutputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import dev.slipway.serving.wire.grpc.proto.ModelMetadataRequest;
import dev.slipway.serving.wire.grpc.proto.ModelReadyRequest;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import dev.slipway.serving.wire.grpc.proto.RepositoryIndexRequest;
import dev.slipway.serving.wire.grpc.proto.RepositoryModelLoadRequest;
import dev.slipway.serving.wire.grpc.proto.ServerLiveRequest;
import dev.slipway.serving.wire.grpc.proto.ServerMetadataRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ServesFixtures.class)
class GrpcTest {
  @Inject
  FixtureServables servables;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  private ManagedChannel channel;
  private GRPCInferenceServiceBlockingStub stub;

  @BeforeEach
  void connect() {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    stub =
        GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void hangUp() {
    channel.shutdownNow();
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static ModelInferRequest.Builder flower() {
    return ModelInferRequest.newBuilder()
        .setModelName("iris-logreg")
        .setId("f1")
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addShape(1)
            .addShape(4)
            .setContents(InferTensorContents.newBuilder()
                .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f))));
  }

  static List<String> models() {
    return OipHttpTest.models().filter(name -> !name.endsWith("zipmap")).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void rawAnswersAreTheFrameworksOwn(String name) {
    FixtureModel model = FixtureModels.get(name);
    for (FixtureModel.Case golden : model.cases()) {
      ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(name);
      for (GoldenTensor input : golden.inputs()) {
        InferInputTensor.Builder tensor = InferInputTensor.newBuilder()
            .setName(input.name())
            .setDatatype(input.datatype().name());
        for (long dimension : input.shape().toArray()) {
          tensor.addShape(dimension);
        }
        request.addInputs(tensor).addRawInputContents(ByteString.copyFrom(model.raw(input)));
      }
      ModelInferResponse answer = stub.modelInfer(request.build());
      for (int i = 0; i < answer.getOutputsCount(); i++) {
        GoldenTensor expected = golden.output(answer.getOutputs(i).getName());
        byte[] raw = answer.getRawOutputContents(i).toByteArray();
        assertThat(raw).hasSameSizeAs(model.raw(expected));
        if (!expected.datatype().isFloatingPoint() || name.startsWith("identity")) {
          assertThat(raw).isEqualTo(model.raw(expected));
        }
      }
    }
  }

  @Test
  void typedContentsAreAnsweredWithTypedContents() {
    ModelInferResponse answer = stub.modelInfer(flower()
        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("label"))
        .build());
    assertThat(answer.getId()).isEqualTo("f1");
    assertThat(answer.getModelVersion()).isEqualTo("1");
    assertThat(answer.getOutputsList()).hasSize(1);
    assertThat(answer.getOutputs(0).getContents().getInt64Contents(0)).isZero();
    assertThat(answer.getParametersOrThrow("slipway_digest").getStringParam())
        .startsWith("sha256:");
    assertThat(stub.modelInfer(flower().setModelVersion("next").build()).getModelVersion())
        .isEqualTo("2");
  }

  /** Triton's client reads numbers from raw contents only. */
  @Test
  void whatHasNoTypedContentsIsAnsweredRaw() throws Exception {
    ModelInferRequest nothing =
        ModelInferRequest.newBuilder().setModelName(FixtureServables.CONSTANT).build();
    ByteString constants = ByteString.copyFrom(new byte[] {0, 0, 0, 63, 0, 0, 0, 64});
    ModelInferResponse answer = stub.modelInfer(nothing);
    assertThat(answer.getRawOutputContentsList()).containsExactly(constants);
    assertThat(answer.getOutputs(0).hasContents()).isFalse();
    var stream = new InferStream(GRPCInferenceServiceGrpc.newStub(channel));
    stream.send(nothing);
    stream.finish();
    assertThat(stream.next().getInferResponse().getRawOutputContentsList())
        .containsExactly(constants);
    ModelInferRequest empty = ModelInferRequest.newBuilder()
        .setModelName("identity-fp32")
        .addInputs(InferInputTensor.newBuilder()
            .setName("input")
            .setDatatype("FP32")
            .addShape(0)
            .addShape(4)
            .setContents(InferTensorContents.getDefaultInstance()))
        .build();
    assertThat(stub.modelInfer(empty).getRawOutputContentsList()).containsExactly(ByteString.EMPTY);
  }

  @Test
  void contentsInTwoFieldsAreRefused() {
    var input = flower().getInputs(0).toBuilder();
    var contents = input.getContents().toBuilder().addInt64Contents(1).addBoolContents(true);
    assertRefused(
        flower().setInputs(0, input.clone().setContents(contents)),
        Code.INVALID_ARGUMENT,
        "input 'X': it is FP32, and its contents have 2 elements in fields of other datatypes");
    contents.clearFp32Contents();
    assertRefused(
        flower().setInputs(0, input.clone().setShape(0, 0).setContents(contents)),
        Code.INVALID_ARGUMENT,
        "fields of other datatypes");
  }

  @Test
  void aTimeoutThatIsNoNumberIsRefused() {
    for (var timeout : List.of(
        InferParameter.newBuilder().setStringParam("1000000"),
        InferParameter.newBuilder().setBoolParam(true),
        InferParameter.newBuilder())) {
      assertRefused(
          flower().putParameters("timeout", timeout.build()),
          Code.INVALID_ARGUMENT,
          "the parameter 'timeout' is to be an int64_param");
    }
    var minute = InferParameter.newBuilder().setInt64Param(60_000_000).build();
    assertThat(
            stub.modelInfer(flower().putParameters("timeout", minute).build()).getId())
        .isEqualTo("f1");
  }

  @Test
  void errorsHaveTheirStatus() {
    assertRefused(flower().setModelName("nobody"), Code.NOT_FOUND, "'nobody'");
    assertRefused(flower().setModelVersion("7"), Code.NOT_FOUND, "version 7");
    assertRefused(flower().clearInputs(), Code.INVALID_ARGUMENT, "missing input 'X'");
    var input = flower().getInputs(0).toBuilder();
    assertRefused(
        flower().setInputs(0, input.clone().setName("Z")),
        Code.INVALID_ARGUMENT,
        "unknown input 'Z'");
    assertRefused(
        flower().setInputs(0, input.clone().setDatatype("INT8")),
        Code.INVALID_ARGUMENT,
        "expected datatype FP32, got INT8");
    assertRefused(
        flower().setInputs(0, input.clone().setShape(0, 2)),
        Code.INVALID_ARGUMENT,
        "takes 8 elements, its contents for FP32 have 4");
    assertRefused(
        flower().setInputs(0, input.clone().setShape(0, 1L << 61)),
        Code.INVALID_ARGUMENT,
        "more elements than can be counted");
    assertRefused(
        flower().addRawInputContents(ByteString.EMPTY), Code.INVALID_ARGUMENT, "give one of them");
    assertRefused(
        flower().setInputs(0, input.clone().clearContents()).addRawInputContents(ByteString.EMPTY),
        Code.INVALID_ARGUMENT,
        "takes 16 bytes, got 0");
    assertRefused(
        flower().addOutputs(InferRequestedOutputTensor.newBuilder().setName("no")),
        Code.INVALID_ARGUMENT,
        "unknown output 'no'");
  }

  @Test
  void aMessageOfCountlessPartsIsRefusedBeforeItIsMadeIntoThem() {
    ModelInferRequest.Builder many = flower();
    for (int i = 0; i < 50_000; i++) {
      many.addInputs(InferInputTensor.getDefaultInstance());
    }
    assertRefused(many, Code.INVALID_ARGUMENT, "the request has over 16384 inputs");
    var input = flower().getInputs(0).toBuilder();
    input.addAllShape(Collections.nCopies(1_000_000, 1L));
    assertRefused(
        flower().setInputs(0, input), Code.INVALID_ARGUMENT, "a shape has over 32 dimensions");
    ModelInferRequest.Builder parameters = flower();
    for (int i = 0; i < 50_000; i++) {
      parameters.putParameters("p" + i, InferParameter.getDefaultInstance());
    }
    assertRefused(parameters, Code.INVALID_ARGUMENT, "the request has over 16384 inputs");
  }

  @Test
  void aMessageOfUnknownFieldsOrNoMessageIsRefused() throws Exception {
    var unknown = UnknownFieldSet.newBuilder();
    var field = UnknownFieldSet.Field.newBuilder();
    for (int i = 0; i < 50_000; i++) {
      field.addVarint(1);
    }
    unknown.addField(99, field.build());
    assertRefused(
        flower().setUnknownFields(unknown.build()),
        Code.INVALID_ARGUMENT,
        "the request has over 16384 inputs");
    assertRefused(
        ModelInferRequest.newBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(
                    5,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFrom(new byte[] {26, 100}))
                        .build())
                .build()),
        Code.INVALID_ARGUMENT,
        "the message cannot be read");
  }

  @Test
  void whatACallerCallsThingsComesBackCut() {
    String name = "é".repeat(100_000);
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> stub.modelInfer(flower()
            .setInputs(0, flower().getInputs(0).toBuilder().setName(name))
            .build()));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(error.getStatus().getDescription())
        .hasSizeLessThan(700)
        .endsWith("…'; the model takes 'X' (FP32 [-1, 4])");
    assertRefused(flower().setModelName(name), Code.NOT_FOUND, "éé");
  }

  private void assertRefused(ModelInferRequest.Builder request, Code code, String message) {
    var error =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub.modelInfer(request.build()));
    assertThat(error.getStatus().getCode()).isEqualTo(code);
    assertThat(error.getStatus().getDescription()).contains(message);
  }

  @Test
  void theCallsDeadlineEndsTheRun() {
    ModelInferRequest request = ModelInferRequest.newBuilder()
        .setModelName("slow")
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
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> stub.withDeadlineAfter(200, TimeUnit.MILLISECONDS).modelInfer(request));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void aStreamAnswersInOrderAndOutlivesAnError() throws Exception {
    var stream = new InferStream(GRPCInferenceServiceGrpc.newStub(channel));
    for (int i = 0; i < 20; i++) {
      stream.send(flower()
          .setId("r" + i)
          .setModelName(i == 5 ? "nobody" : "iris-logreg")
          .build());
    }
    stream.finish();
    List<ModelStreamInferResponse> answers = stream.rest();
    assertThat(answers)
        .extracting(answer -> answer.getInferResponse().getId())
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "r" + i).toList());
    assertThat(answers.get(5).getErrorMessage()).contains("'nobody'");
    assertThat(answers.get(6).getErrorMessage()).isEmpty();
    assertThat(answers)
        .as("each is the last of its request, as Triton's")
        .allMatch(answer -> answer
            .getInferResponse()
            .getParametersOrThrow("triton_final_response")
            .getBoolParam());
    assertThat(answers.get(6).getInferResponse().getParametersMap()).containsKey("slipway_digest");
  }

  @Test
  void theServerDescribesItself() {
    assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
        .isTrue();
    assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("slipway");
    var iris = ModelMetadataRequest.newBuilder().setName("iris-logreg").build();
    assertThat(stub.modelMetadata(iris).getVersionsList()).containsExactly("1", "2");
    assertThat(stub.modelMetadata(iris).getInputs(0).getShapeList()).containsExactly(-1L, 4L);
    assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("mlp").build())
            .getReady())
        .isTrue();
    assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("no").build())
            .getReady())
        .isFalse();
    assertThat(stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance()).getModelsList())
        .anyMatch(model -> model.getName().equals("mlp") && model.getState().equals("READY"))
        .anyMatch(model -> model.getName().equals(FixtureServables.NOT_LOADED)
            && model.getState().equals("UNAVAILABLE")
            && model.getReason().equals("its file was cut short"));
    assertThat(stub.repositoryIndex(
                RepositoryIndexRequest.newBuilder().setReady(true).build())
            .getModelsList())
        .isNotEmpty()
        .allMatch(model -> model.getState().equals("READY"));
    var error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> stub.repositoryModelLoad(RepositoryModelLoadRequest.getDefaultInstance()));
    assertThat(error.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void aLargeMessageIsTaken() {
    int size = 20 << 20;
    ModelInferRequest request = ModelInferRequest.newBuilder()
        .setModelName("identity-bytes")
        .addInputs(InferInputTensor.newBuilder()
            .setName("input")
            .setDatatype("BYTES")
            .addShape(1)
            .addShape(1)
            .setContents(InferTensorContents.newBuilder()
                .addBytesContents(ByteString.copyFromUtf8("x".repeat(size)))))
        .build();
    ModelInferResponse answer = stub.withMaxInboundMessageSize(64 << 20).modelInfer(request);
    assertThat(answer.getOutputs(0).getContents().getBytesContents(0).size()).isEqualTo(size);
  }
}
