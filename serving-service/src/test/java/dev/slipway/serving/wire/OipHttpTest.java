package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModel.Case;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ServesFixtures.class)
class OipHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IRIS = "/v2/models/iris-logreg/infer";
  private static final String ONE_FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";

  @Inject
  FixtureServables servables;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  static Stream<String> models() {
    return FixtureModels.names("onnx").stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void jsonAnswersAreTheFrameworksOwn(String name) throws IOException {
    FixtureModel model = FixtureModels.get(name);
    for (Case golden : model.cases()) {
      // Given
      ObjectNode request = JSON.createObjectNode().put("id", golden.name());
      ArrayNode inputs = request.putArray("inputs");
      golden
          .inputs()
          .forEach(tensor -> describe(inputs.addObject(), tensor).set("data", tensor.data()));
      // When
      Answer answer = Gateway.post("/v2/models/" + name + "/infer", request.toString());
      // Then
      assertThat(answer.status())
          .as(new String(answer.bytes(), StandardCharsets.UTF_8))
          .isEqualTo(200);
      assertThat(answer.json().get("id").asText()).isEqualTo(golden.name());
      assertThat(answer.json().get("model_name").asText()).isEqualTo(name);
      assertThat(answer.json().get("model_version").asText()).isEqualTo("1");
      for (JsonNode output : answer.json().get("outputs")) {
        if (output.get("name").asText().endsWith("_classes")) {
          continue;
        }
        assertSame(model, golden.output(output.get("name").asText()), output);
      }
    }
  }

  private static ObjectNode describe(ObjectNode into, GoldenTensor tensor) {
    into.put("name", tensor.name()).put("datatype", tensor.datatype().name());
    ArrayNode shape = into.putArray("shape");
    Arrays.stream(tensor.shape().toArray()).forEach(shape::add);
    return into;
  }

  private static void assertSame(FixtureModel model, GoldenTensor expected, JsonNode output) {
    if (expected.sequenceOfMaps() != null) {
      double[] scores = expected.sequenceOfMaps().stream()
          .flatMap(row -> row.values().stream())
          .mapToDouble(score -> score)
          .toArray();
      assertClose(model, scores, output.get("data"));
      return;
    }
    assertThat(JSON.convertValue(output.get("shape"), long[].class))
        .isEqualTo(expected.shape().toArray());
    assertThat(output.get("datatype").asText()).isEqualTo(expected.datatype().name());
    if (expected.datatype().isFloatingPoint()) {
      double[] values =
          expected.dataFile() == null ? expected.doubles() : floats(model.raw(expected));
      if (expected.datatype() != DataType.FP64) {
        Arrays.setAll(values, i -> Double.parseDouble(Float.toString((float) values[i])));
      }
      assertClose(model, values, output.get("data"));
    } else {
      assertThat(output.get("data").toString()).isEqualTo(expected.data().toString());
    }
  }

  private static double[] floats(byte[] raw) {
    var buffer = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double[] values = new double[buffer.remaining()];
    Arrays.setAll(values, buffer::get);
    return values;
  }

  private static void assertClose(FixtureModel model, double[] expected, JsonNode data) {
    assertThat(data.size()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(model.tolerance().accepts(expected[i], data.get(i).asDouble()))
          .as("element %d: %s is not %s", i, data.get(i), expected[i])
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "identity-fp32",
        "identity-bytes",
        "identity-int64",
        "identity-fp16",
        "identity-bool",
        "identity-uint16",
        "identity-uint32",
        "identity-uint64"
      })
  void binaryTensorsComeBackBitForBit(String name) throws IOException {
    FixtureModel model = FixtureModels.get(name);
    for (Case golden : model.cases()) {
      // Given
      GoldenTensor input = golden.inputs().getFirst();
      byte[] raw = model.raw(input);
      ObjectNode request = JSON.createObjectNode();
      request.putObject("parameters").put("binary_data_output", true);
      describe(request.putArray("inputs").addObject(), input)
          .putObject("parameters")
          .put("binary_data_size", raw.length);
      byte[] header = JSON.writeValueAsBytes(request);
      // When
      Answer answer = Gateway.post(
          "/v2/models/" + name + "/infer",
          join(header, raw),
          "Inference-Header-Content-Length",
          Integer.toString(header.length));
      // Then
      assertThat(answer.status()).isEqualTo(200);
      int length = Integer.parseInt(answer.header("Inference-Header-Content-Length"));
      JsonNode output = JSON.readTree(answer.bytes(), 0, length).get("outputs").get(0);
      assertThat(output.get("parameters").get("binary_data_size").asInt()).isEqualTo(raw.length);
      assertThat(Arrays.copyOfRange(answer.bytes(), length, answer.bytes().length))
          .isEqualTo(raw);
    }
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void outputsMayBePickedAndMixedInForm() throws IOException {
    String body = ONE_FLOWER.replace(
        "{\"inputs\"",
        "{\"outputs\":[{\"name\":\"label\"},"
            + "{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":true}}],\"inputs\"");
    Answer answer = Gateway.post(IRIS, body);
    int length = Integer.parseInt(answer.header("Inference-Header-Content-Length"));
    JsonNode outputs = JSON.readTree(answer.bytes(), 0, length).get("outputs");
    assertThat(outputs.get(0).get("data").get(0).asInt()).isZero();
    assertThat(outputs.get(1).has("data")).isFalse();
    assertThat(answer.bytes()).hasSize(length + 12);
  }

  @Test
  void fieldsMayComeInAnyOrderAndDataMayBeNested() {
    Answer answer = Gateway.post(
        IRIS,
        "{\"inputs\":[{\"data\":[[5.1,3.5,1.4,0.2],[6,3,5,2]],\"shape\":[2,4],"
            + "\"datatype\":\"FP32\",\"name\":\"X\"}]}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("outputs").get(0).get("data").toString()).isEqualTo("[0,2]");
  }

  @Test
  void packedBodiesAreTakenAndGiven() throws IOException {
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(ONE_FLOWER.getBytes(StandardCharsets.UTF_8));
    }
    var deflate = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(deflate)) {
      out.write(ONE_FLOWER.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(
            Gateway.post(IRIS, gzip.toByteArray(), "Content-Encoding", "gzip").status())
        .isEqualTo(200);
    assertThat(Gateway.post(IRIS, deflate.toByteArray(), "Content-Encoding", "deflate")
            .status())
        .isEqualTo(200);
    FixtureModel model = FixtureModels.get("encoder");
    ObjectNode request = JSON.createObjectNode();
    ArrayNode inputs = request.putArray("inputs");
    model
        .cases()
        .getLast()
        .inputs()
        .forEach(tensor -> describe(inputs.addObject(), tensor).set("data", tensor.data()));
    Answer answer =
        Gateway.post("/v2/models/encoder/infer", request.toString(), "Accept-Encoding", "gzip");
    assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
    var unpacked = new GZIPInputStream(new ByteArrayInputStream(answer.bytes()));
    assertThat(JSON.readTree(unpacked).get("outputs").get(0).get("data")).hasSize(128 * 64);
  }

  @Test
  void answersCanBeTraced() {
    Answer answer = Gateway.post(IRIS, ONE_FLOWER, "X-Request-Id", "mine-1");
    assertThat(answer.header("X-Slipway-Model")).isEqualTo("iris-logreg");
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
    assertThat(answer.header("X-Slipway-Digest")).startsWith("sha256:");
    assertThat(answer.header("X-Request-Id")).isEqualTo("mine-1");
    Answer unicode = Gateway.post("/v2/models/gr%C3%B6%C3%9Fe%20%F0%9F%A6%8A/infer", ONE_FLOWER);
    assertThat(unicode.status()).isEqualTo(200);
    assertThat(unicode.header("X-Slipway-Model")).isEqualTo("gr%C3%B6%C3%9Fe%20%F0%9F%A6%8A");
    assertThat(unicode.header("X-Request-Id")).isNotBlank();
  }

  @Test
  void floatsAreTakenWhereTheModelWantsDoubles() {
    Answer answer = Gateway.post(
        "/v2/models/identity-fp64/infer",
        "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[0.1,-0.0]}]}");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    JsonNode output = answer.json().get("outputs").get(0);
    assertThat(output.get("datatype").asText()).isEqualTo("FP64");
    assertThat(output.get("data").get(0).asDouble()).isEqualTo((double) 0.1f);
    assertThat(output.get("data").get(1).toString()).isEqualTo("-0.0");
  }

  @Test
  void aVersionMayBeNamedByNumberOrAlias() {
    assertThat(Gateway.post("/v2/models/iris-logreg/versions/2/infer", ONE_FLOWER)
            .json()
            .get("model_version")
            .asText())
        .isEqualTo("2");
    assertThat(Gateway.post("/v2/models/iris-logreg/versions/next/infer", ONE_FLOWER)
            .header("X-Slipway-Version"))
        .isEqualTo("2");
  }

  @Test
  void valuesThatJsonHasNoNumberForAreStrings() {
    String body = "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[4],"
        + "\"data\":[-1,0,\"Infinity\",1]}]}";
    Answer answer = Gateway.post("/v2/models/not-finite/infer", body);
    assertThat(answer.json().get("outputs").get(0).get("data").toString())
        .isEqualTo("[\"NaN\",\"-Infinity\",\"Infinity\",0.0]");
  }

  @Test
  void theServerAndItsModelsDescribeThemselves() {
    assertThat(Gateway.get("/v2").json().get("extensions").toString())
        .contains("binary_tensor_data");
    assertThat(Gateway.get("/v2/health/live").json().get("live").asBoolean()).isTrue();
    JsonNode metadata = Gateway.get("/v2/models/iris-logreg").json();
    assertThat(metadata.get("versions").toString()).isEqualTo("[\"1\",\"2\"]");
    assertThat(metadata.get("platform").asText()).isEqualTo("onnxruntime_onnx");
    assertThat(metadata.get("inputs").toString())
        .isEqualTo("[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[-1,4]}]");
    assertThat(Gateway.get("/v2/models/iris-logreg/versions/1/ready").status()).isEqualTo(200);
    assertThat(Gateway.get("/v2/models/nobody/ready").status()).isEqualTo(404);
    assertThat(Gateway.get("/v2/models/nobody").json().get("error").asText()).contains("'nobody'");
  }

  @Test
  void theRepositoryIsReadHereAndChangedInTheRegistry() {
    JsonNode index = Gateway.post("/v2/repository/index", "{}").json();
    assertThat(index.findValuesAsText("name")).contains("mlp", "encoder");
    for (String verb : List.of("load", "unload")) {
      Answer answer = Gateway.post("/v2/repository/models/mlp/" + verb, "{}");
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.json().get("error").asText()).contains("registry decides");
    }
  }

  @Test
  void requestsAreCountedByModelVersionProtocolAndOutcome() {
    for (int i = 0; i < 50; i++) {
      assertThat(Gateway.post(IRIS, ONE_FLOWER).status()).isEqualTo(200);
    }
    assertThat(Gateway.get("/q/metrics").bytes())
        .asString(StandardCharsets.UTF_8)
        .contains(
            "slipway_predict_requests_total{model=\"iris-logreg\",outcome=\"ok\",protocol=\"oip-http\",version=\"1\"}");
  }

  @Test
  void aBodyMayComeInPieces() {
    Answer answer = Gateway.post(
        IRIS,
        BodyPublishers.ofByteArrays(
            ONE_FLOWER.chars().mapToObj(c -> new byte[] {(byte) c}).toList()));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("outputs").get(0).get("datatype").asText())
        .isEqualTo(DataType.INT64.name());
  }
}
