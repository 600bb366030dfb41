package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.slipway.serving.wire.grpc.proto.InferParameter;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferRequestedOutputTensor;
import dev.slipway.serving.wire.grpc.proto.ServerMetadataRequest;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the protocol's own clients send besides tensors: refused where ignoring it would answer wrongly, else taken. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class ClientHabitsTest {
  private static final String INPUT =
      "\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  private ManagedChannel channel;
  private GRPCInferenceServiceBlockingStub stub;

  @BeforeEach
  void connect() {
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(Codec.Identity.NONE);
    compressors.register(new Deflate());
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .compressorRegistry(compressors)
        .build();
    stub =
        GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void hangUp() {
    channel.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequence_id", "sequence_start", "classification"})
  void extensionsThatAreNotOfferedAreRefusedOverHttp(String parameter) {
    Gateway.Answer answer = Gateway.post(
        "/v2/models/iris-logreg/infer", "{\"parameters\":{\"" + parameter + "\":1}," + INPUT);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error").asText()).contains(parameter, "not offered");
  }

  @Test
  void extensionsThatAreNotOfferedAreRefusedOverGrpc() {
    InferParameter one = InferParameter.newBuilder().setInt64Param(1).build();
    assertRefused(flower().putParameters("sequence_id", one), "sequence_id");
    assertRefused(
        flower()
            .addOutputs(InferRequestedOutputTensor.newBuilder()
                .setName("probabilities")
                .putParameters("classification", one)),
        "classification");
    var shared = flower();
    shared.getInputsBuilder(0).putParameters("shared_memory_region", one);
    assertRefused(shared, "shared_memory_region");
    assertThat(stub.modelInfer(flower().putParameters("priority", one).build()).getModelName())
        .isEqualTo("iris-logreg");
  }

  @Test
  void extensionsThatAreSwitchedOffAreTaken() {
    assertThat(Gateway.post(
                "/v2/models/iris-logreg/infer",
                "{\"parameters\":{\"sequence_id\":0,\"sequence_start\":false,\"sequence_end\":false},"
                    + "\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"classification\":0}}],"
                    + INPUT)
            .status())
        .isEqualTo(200);
    InferParameter zero = InferParameter.newBuilder().setInt64Param(0).build();
    InferParameter no = InferParameter.newBuilder().setBoolParam(false).build();
    var request = flower()
        .putParameters("sequence_id", zero)
        .putParameters("sequence_start", no)
        .putParameters("sequence_end", no)
        .addOutputs(InferRequestedOutputTensor.newBuilder()
            .setName("probabilities")
            .putParameters("classification", zero));
    assertThat(stub.modelInfer(request.build()).getOutputsCount()).isEqualTo(1);
    InferParameter yes = InferParameter.newBuilder().setBoolParam(true).build();
    assertRefused(flower().putParameters("sequence_start", yes), "sequence_start");
    assertRefused(flower().putParameters("sequence_end", zero), "sequence_end");
  }

  /** KServe's SDK. */
  @Test
  void nullBesideABinarySizeOfNothingIsAnEmptyTensor() {
    Gateway.Answer answer = Gateway.post("/v2/models/identity-fp32/infer", """
        {"inputs":[{"name":"input","shape":[0,4],"datatype":"FP32",
          "parameters":{"binary_data_size":0},"data":null}]}""");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/outputs/0/shape").toString()).isEqualTo("[0,4]");
  }

  /** Python's {@code json} writes the words, tritonclient and MLflow's client with it; KServe's SDK and MLServer's write null for NaN. */
  @Test
  void wordsAndNullsForNumbersThatJsonDoesNotHaveAreTaken() {
    for (String datatype : List.of("fp16", "fp32", "fp64")) {
      Gateway.Answer answer =
          Gateway.post("/v2/models/identity-" + datatype + "/infer", """
          {"inputs":[{"name":"input","shape":[1,5],"datatype":"%s",
            "data":[1.5,NaN,Infinity,-Infinity,null]}]}""".formatted(
                  datatype.toUpperCase(Locale.ROOT)));
      assertThat(answer.json().at("/outputs/0/data").toString())
          .as(datatype)
          .isEqualTo("[1.5,\"NaN\",\"Infinity\",\"-Infinity\",\"NaN\"]");
    }
    assertThat(Gateway.post("/v2/models/identity-int32/infer", """
            {"inputs":[{"name":"input","shape":[1,1],"datatype":"INT32","data":[NaN]}]}""").status()).isEqualTo(400);
  }

  /** MLServer's types, as {@code model_dump(exclude_none=False)} writes them. */
  @Test
  void nullForAnOptionalFieldIsAsIfItWereNotThere() {
    Gateway.Answer answer = Gateway.post("/v2/models/identity-fp32/infer", """
        {"id":null,"parameters":null,"outputs":null,"inputs":[{"name":"input","shape":[1,1],"datatype":"FP32",
          "parameters":{"binary_data_size":null},"data":[2.5]}]}""");
    assertThat(answer.json().at("/outputs/0/data").toString()).isEqualTo("[2.5]");
    assertThat(answer.json().has("id")).isFalse();
    Gateway.Answer chosen = Gateway.post("/v2/models/identity-fp32/infer", """
        {"inputs":[{"name":"input","shape":[1,1],"datatype":"FP32","parameters":null,"data":[2.5]}],
          "outputs":[{"name":"output","parameters":{"binary_data":null}}]}""");
    assertThat(chosen.json().at("/outputs/0/data").toString()).isEqualTo("[2.5]");
    assertThat(Gateway.post("/v2/repository/index", "{\"ready\":null}").status())
        .isEqualTo(200);
  }

  /** MLServer's {@code ModelInferRequestConverter(use_raw=True)}. */
  @Test
  void emptyContentsBesideRawOnesAreNone() {
    var raw = ModelInferRequest.newBuilder()
        .setModelName("iris-logreg")
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addAllShape(List.of(1L, 4L))
            .setContents(InferTensorContents.getDefaultInstance()))
        .addRawInputContents(ByteString.copyFrom(new byte[16]));
    assertThat(stub.modelInfer(raw.build()).getOutputsCount()).isEqualTo(2);
  }

  @Test
  void theFirstProtocolOfKserveFindsServerAndModelAlive() {
    assertThat(Gateway.get("/").json().get("status").asText()).isEqualTo("alive");
    assertThat(Gateway.get("/v1/models/iris-logreg").json().get("ready").asBoolean())
        .isTrue();
    assertThat(Gateway.get("/v1/models/nobody").status()).isEqualTo(404);
  }

  @Test
  void deflatedMessagesAreTaken() {
    assertThat(stub.withCompression("deflate").modelInfer(flower().build()).getOutputsCount())
        .isEqualTo(2);
  }

  @Test
  void bothDoorsNameTheSameExtensions() {
    assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getExtensionsList())
        .isEqualTo(Gateway.get("/v2")
            .json()
            .get("extensions")
            .valueStream()
            .map(name -> name.asText())
            .toList());
  }

  private void assertRefused(ModelInferRequest.Builder request, String parameter) {
    var refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub.modelInfer(request.build()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).contains(parameter, "not offered");
  }

  private static ModelInferRequest.Builder flower() {
    return ModelInferRequest.newBuilder()
        .setModelName("iris-logreg")
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addShape(1)
            .addShape(4)
            .setContents(InferTensorContents.newBuilder()
                .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f))));
  }

  /** The zlib format, as gRPC's C core sends it under this name. */
  private static final class Deflate implements Compressor {
    @Override
    public String getMessageEncoding() {
      return "deflate";
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return new DeflaterOutputStream(out);
    }
  }
}
