package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ServesFixtures.class)
class BadInputTest {
  private static final String IRIS = "iris-logreg";

  @Inject
  FixtureServables servables;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static String x(String datatype, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape
        + ",\"data\":" + data + "}]}";
  }

  private static String input(String datatype, String shape, String data) {
    return x(datatype, shape, data).replace("\"X\"", "\"input\"");
  }

  private static String manyFields() {
    return IntStream.rangeClosed(0, 1000)
        .mapToObj(i -> "\"f" + i + "\":0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  static Stream<Arguments> badRequests() {
    String good = x("FP32", "[1,4]", "[1,2,3,4]");
    return Stream.of(
        Arguments.of(IRIS, "", "the body is empty"),
        Arguments.of(IRIS, "{", "not JSON"),
        Arguments.of(IRIS, "hello", "not JSON"),
        Arguments.of(IRIS, good + "x", "not JSON"),
        Arguments.of(IRIS, good + "{}", "more follows after the value"),
        Arguments.of(IRIS, "[]", "the request is to be an object, got an array"),
        Arguments.of(IRIS, "{}", "the request has no 'inputs'; the model takes 'X' (FP32 [-1, 4])"),
        Arguments.of(IRIS, "{\"inputs\":[]}", "missing input 'X' (FP32 [-1, 4])"),
        Arguments.of(IRIS, "{\"inputs\":{}}", "'inputs' is to be an array"),
        Arguments.of(IRIS, "{\"inputs\":[1]}", "an input is to be an object, got 1"),
        Arguments.of(IRIS, "{\"inputs\":[{}]}", "an input has no 'name'"),
        Arguments.of(
            IRIS,
            good.replace("\"X\"", "\"Z\""),
            "unknown input 'Z'; the model takes 'X' (FP32 [-1, 4])"),
        Arguments.of(IRIS, good.replace("\"X\"", "7"), "'name' is to be a string, got 7"),
        Arguments.of(
            IRIS, x("FP64", "[1,4]", "[1,2,3,4]"), "input 'X': expected datatype FP32, got FP64"),
        Arguments.of(IRIS, x("FLOAT", "[1,4]", "[1,2,3,4]"), "got 'FLOAT'"),
        Arguments.of(
            IRIS, x("FP32", "[4]", "[1,2,3,4]"), "input 'X': expected shape [-1, 4], got [4]"),
        Arguments.of(IRIS, x("FP32", "[1,5]", "[1,2,3,4,5]"), "expected shape [-1, 4], got [1, 5]"),
        Arguments.of(IRIS, x("FP32", "[-1,4]", "[1,2,3,4]"), "dimension 0 cannot be -1"),
        Arguments.of(
            IRIS, x("FP32", "[1.5,4]", "[1,2,3,4]"), "dimension 0 is to be an integer, got 1.5"),
        Arguments.of(IRIS, x("FP32", "\"1,4\"", "[1,2,3,4]"), "'shape' is to be an array"),
        Arguments.of(
            IRIS,
            x("FP32", "[2305843009213693952,4]", "[1]"),
            "shape [2305843009213693952, 4] has more elements than can be counted"),
        Arguments.of(
            IRIS,
            x("FP32", "[99999999999999999999,4]", "[1]"),
            "dimension 0 cannot be 99999999999999999999"),
        Arguments.of(
            IRIS, x("FP32", "[1,4]", "[1,2,3]"), "shape [1, 4] takes 4 elements, 'data' has 3"),
        Arguments.of(
            IRIS, x("FP32", "[1,4]", "[1,2,3,4,5]"), "shape [1, 4] takes 4 elements, 'data' has 5"),
        Arguments.of(
            IRIS,
            x("FP32", "[2,4]", "[[1,2,3,4,5,6,7,8]]"),
            "'data' is nested as [1, 8], 'shape' is [2, 4]"),
        Arguments.of(IRIS, x("FP32", "[1,4]", "[[1,2],[3]]"), "ragged"),
        Arguments.of(IRIS, x("FP32", "[1,4]", "[1,[2],3,4]"), "ragged"),
        Arguments.of(IRIS, x("FP32", "[1,4]", "[1,nan,3,4]"), "not JSON: Unrecognized token 'nan'"),
        Arguments.of(
            IRIS, x("FP32", "[1,4]", "[1,1e400,3,4]"), "element 1: 1e400 is out of range for FP32"),
        Arguments.of(
            IRIS,
            x("FP32", "[1,4]", "[1,\"2\",3,4]"),
            "element 1: FP32 takes a number, got the string \"2\""),
        Arguments.of(IRIS, x("FP32", "[1,4]", "[1,true,3,4]"), "FP32 takes a number, got true"),
        Arguments.of(
            IRIS, x("FP32", "[1,4]", "[1,1e39,3,4]"), "element 1: 1e39 is out of range for FP32"),
        Arguments.of(IRIS, x("FP32", "[1,4]", "[1,{},3,4]"), "got an object"),
        Arguments.of(IRIS, x("FP32", "[1,4]", "null"), "input 'X' has no 'data'"),
        Arguments.of(
            IRIS,
            "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4]}]}",
            "input 'X' has no 'data'"),
        Arguments.of(
            IRIS,
            "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,4],\"data\":[1]}]}",
            "input 'X' has no 'datatype'"),
        Arguments.of(
            IRIS,
            "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"data\":[1]}]}",
            "input 'X' has no 'shape'"),
        Arguments.of(
            IRIS,
            good.replace("\"shape\"", "\"name\":\"X\",\"shape\""),
            "'name' stands twice in an input"),
        Arguments.of(
            IRIS,
            good.replace(
                "[{",
                "[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]},{"),
            "input 'X' is given twice"),
        Arguments.of(
            IRIS,
            good.replace("{\"inputs\"", "{\"outputs\":[{\"name\":\"nothing\"}],\"inputs\""),
            "unknown output 'nothing'; the model gives 'label'"),
        Arguments.of(
            IRIS,
            good.replace("{\"inputs\"", "{\"outputs\":[{}],\"inputs\""),
            "an output has no 'name'"),
        Arguments.of(
            IRIS,
            good.replace("{\"inputs\"", "{\"id\":5,\"inputs\""),
            "'id' is to be a string, got 5"),
        Arguments.of(
            IRIS,
            x("FP32", "[1,4]", "[".repeat(200) + "1" + "]".repeat(200)),
            "JSON beyond the limits"),
        Arguments.of(
            IRIS, x("FP32", "[1" + ",1".repeat(32) + "]", "[1]"), "a shape has over 32 dimensions"),
        Arguments.of(IRIS, manyFields(), "the request has over 1000 fields"),
        Arguments.of(
            IRIS,
            good.replace("\"X\"", "\"" + "Z".repeat(100_000) + "\""),
            "ZZ…'; the model takes 'X' (FP32 [-1, 4])"),
        Arguments.of(
            "multi-io",
            good.replace("\"X\"", "\"left\"").replace("[1,4]", "[1,3]").replace(",4]", "]"),
            "missing input 'right' (FP32 [-1, 3])"),
        Arguments.of(
            "identity-int8", input("INT8", "[1,1]", "[128]"), "128 is out of range for INT8"),
        Arguments.of(
            "identity-int8", input("INT8", "[1,1]", "[1.0]"), "INT8 takes an integer, got 1.0"),
        Arguments.of(
            "identity-uint8", input("UINT8", "[1,1]", "[-1]"), "-1 is out of range for UINT8"),
        Arguments.of(
            "identity-int64",
            input("INT64", "[1,1]", "[9223372036854775808]"),
            "9223372036854775808 is out of range for INT64"),
        Arguments.of(
            "identity-fp16", input("FP16", "[1,1]", "[65520]"), "65520 is out of range for FP16"),
        Arguments.of(
            "identity-fp64", input("FP64", "[1,1]", "[1e999]"), "1e999 is out of range for FP64"),
        Arguments.of(
            "identity-bool", input("BOOL", "[1,1]", "[1]"), "BOOL takes true or false, got 1"),
        Arguments.of(
            "identity-bytes", input("BYTES", "[1,1]", "[1]"), "BYTES takes a string, got 1"),
        Arguments.of(
            "encoder",
            "{\"inputs\":[{\"name\":\"input_ids\",\"datatype\":\"INT64\",\"shape\":[1,1],\"data\":[5000]},{\"name\":\"attention_mask\",\"datatype\":\"INT64\",\"shape\":[1,1],\"data\":[1]}]}",
            "Gather"));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void isRefusedWithWhatWasExpectedAndWhatCame(String model, String body, String message) {
    Answer answer = Gateway.post("/v2/models/" + model + "/infer", body);
    assertThat(answer.json().get("error").asText()).contains(message);
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void moreElementsThanAreTakenIsRefused() {
    Answer answer = Gateway.post("/v2/models/iris-logreg/infer", x("FP32", "[75001,4]", "[1]"));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().get("error").asText())
        .contains("has 300004 elements, at most 300000 are taken");
  }

  static Stream<Arguments> badBinary() {
    return Stream.of(
        Arguments.of(
            "identity-fp32",
            "FP32",
            "[1,2]",
            7,
            new byte[7],
            "FP32 of shape [1, 2] takes 8 bytes, got 7"),
        Arguments.of(
            "identity-fp32",
            "FP32",
            "[1,2]",
            9,
            new byte[8],
            "'binary_data_size' is 9, 8 bytes are left"),
        Arguments.of(
            "identity-fp32",
            "FP32",
            "[1,2]",
            8,
            new byte[9],
            "1 bytes follow after the last binary tensor"),
        Arguments.of(
            "identity-bool", "BOOL", "[1,1]", 1, new byte[] {2}, "a BOOL byte is 0 or 1, got 2"),
        Arguments.of(
            "identity-bytes",
            "BYTES",
            "[1,1]",
            4,
            new byte[] {9, 0, 0, 0},
            "its length is 9 bytes, 0 are left"),
        Arguments.of(
            "identity-bytes",
            "BYTES",
            "[1,1]",
            4,
            new byte[] {-1, -1, -1, -1},
            "its length is 4294967295 bytes"),
        Arguments.of("identity-bytes", "BYTES", "[1,2]", 4, new byte[4], "the data ends after 1"),
        Arguments.of(
            "identity-bytes",
            "BYTES",
            "[1,1]",
            6,
            new byte[] {2, 0, 0, 0, (byte) 0xC3, 0x28},
            "not UTF-8"));
  }

  @ParameterizedTest
  @MethodSource("badBinary")
  void binaryDataIsRefusedToo(
      String model, String datatype, String shape, int size, byte[] raw, String message) {
    byte[] header = ("{\"inputs\":[{\"name\":\"input\",\"datatype\":\"" + datatype + "\",\"shape\":"
            + shape + ",\"parameters\":{\"binary_data_size\":" + size + "}}]}")
        .getBytes(StandardCharsets.UTF_8);
    var body = new ByteArrayOutputStream();
    body.writeBytes(header);
    body.writeBytes(raw);
    Answer answer = Gateway.post(
        "/v2/models/" + model + "/infer",
        body.toByteArray(),
        "Inference-Header-Content-Length",
        Integer.toString(header.length));
    assertThat(answer.json().get("error").asText()).contains(message);
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void modelsAndVersionsThatAreNotServedAreNotFound() {
    String body = x("FP32", "[1,4]", "[1,2,3,4]");
    for (String path : List.of(
        "nobody/infer",
        "%F0%9F%A6%8A/infer",
        "x".repeat(300) + "/infer",
        "iris-logreg/versions/9/infer",
        "iris-logreg/versions/nothing/infer")) {
      Answer answer = Gateway.post("/v2/models/" + path, body);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.json().get("error").asText()).isNotBlank();
    }
    assertThat(Gateway.post("/v2/models/iris-logreg/versions/99999999999/infer", body)
            .status())
        .isEqualTo(400);
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedWhetherAnnouncedOrNot() throws IOException {
    byte[] tooMuch = new byte[8 * ServesFixtures.MAX_BODY];
    Answer announced = Gateway.post("/v2/models/iris-logreg/infer", tooMuch);
    assertThat(announced.status()).isEqualTo(413);
    assertThat(announced.json().get("error").asText())
        .isEqualTo("the body is larger than the 1048576 bytes that are taken");
    Answer chunked = Gateway.post(
        "/v2/models/iris-logreg/infer",
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooMuch)));
    assertThat(chunked.status()).isEqualTo(413);
    var bomb = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bomb)) {
      out.write(tooMuch);
    }
    Answer unpacked = Gateway.post(
        "/v2/models/iris-logreg/infer", bomb.toByteArray(), "Content-Encoding", "gzip");
    assertThat(unpacked.status()).isEqualTo(413);
    assertThat(unpacked.json().get("error").asText()).contains("unpacked");
  }

  @Test
  void aBodyThatIsNotPackedAsItSaysIsRefused() {
    assertThat(Gateway.post("/v2/models/iris-logreg/infer", "{}", "Content-Encoding", "gzip")
            .status())
        .isEqualTo(400);
    assertThat(Gateway.post("/v2/models/iris-logreg/infer", "{}", "Content-Encoding", "br")
            .status())
        .isEqualTo(415);
  }

  private static String loop(long rounds) {
    return "{\"inputs\":[{\"name\":\"count\",\"datatype\":\"INT64\",\"shape\":[],\"data\":["
        + rounds + "]},{\"name\":\"start\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}";
  }

  @Test
  void aDeadlineEndsTheRun() {
    Answer answer =
        Gateway.post("/v2/models/slow/infer", loop(Long.MAX_VALUE), "X-Slipway-Timeout-Ms", "100");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.json().get("error").asText()).contains("deadline");
    Answer byParameter = Gateway.post(
        "/v2/models/slow/infer",
        loop(Long.MAX_VALUE)
            .replace("{\"inputs\"", "{\"parameters\":{\"timeout\":100000},\"inputs\""));
    assertThat(byParameter.status()).isEqualTo(504);
  }

  @Test
  void moreThanMayWaitAreToldToComeBack() {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(CompletableFuture.supplyAsync(
          () -> Gateway.post("/v2/models/tiny-limits/infer", loop(Long.MAX_VALUE)),
          task -> Thread.ofVirtual().start(task)));
    }
    List<Answer> all = answers.stream().map(CompletableFuture::join).toList();
    assertThat(all).extracting(Answer::status).containsOnly(429, 504);
    List<Answer> busy = all.stream().filter(answer -> answer.status() == 429).toList();
    assertThat(busy).hasSize(4);
    assertThat(busy.getFirst().header("Retry-After")).isEqualTo("1");
    assertThat(busy.getFirst().json().get("error").asText()).contains("1 run and 1 wait");
  }
}
