package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON between systems is UTF-8 (RFC 8259, section 8.1). What is not is the caller's fault in every protocol. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class EncodingsOfJsonTest {
  private static final List<String> PATHS = List.of(
      "/v2/models/iris-logreg/infer",
      "/v2/repository/index",
      "/models/iris-logreg/predict",
      "/models/iris-logreg/invocations",
      "/v1/models/iris-logreg:predict");

  static Stream<byte[]> bodies() {
    String json =
        "{\"inputs\":[{\"name\":\"X\",\"data\":[1,2,3,4],\"datatype\":\"FP32\",\"shape\":[1,4]}]}";
    Stream<byte[]> encoded = Stream.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")
        .map(name -> json.getBytes(Charset.forName(name)));
    return Stream.concat(
        encoded,
        Stream.of(
            // Two integers whose header was forgotten.
            ByteBuffer.allocate(8).putInt(0x10000).putInt(0x1_0000).array(),
            new byte[] {'{', 0, 0, 0, 0, 0, 021, 0},
            new byte[] {0},
            new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'},
            new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, 0, '{', 0, '}'}));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void otherEncodingsAreRefused(byte[] body) {
    for (String path : PATHS) {
      Answer answer = Gateway.post(path, body, "Content-Type", "application/json");
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
          .as(path)
          .contains("not JSON")
          .doesNotContain("Error id");
    }
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    String json =
        "\uFEFF{\"inputs\":[{\"name\":\"input\",\"data\":[1.5],\"datatype\":\"FP32\",\"shape\":[1,1]}]}";
    Answer answer =
        Gateway.post("/v2/models/identity-fp32/infer", json.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.json().at("/outputs/0/data").toString()).isEqualTo("[1.5]");
  }

  /** It has no UTF-8: a question mark in its place would be another string. */
  @Test
  void halfOfASurrogatePairIsRefused() {
    for (String half : List.of("\\ud83d", "a\\ude00b", "\\ud83d\\ud83d\\ude00", "\\ude00\\ud83d")) {
      Answer answer = Gateway.post(
          "/v2/models/identity-bytes/infer",
          "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"BYTES\",\"shape\":[1,1],\"data\":[\""
              + half + "\"]}]}");
      assertThat(answer.status()).as(half).isEqualTo(400);
      assertThat(answer.json().get("error").asText()).contains("element 0", "surrogate");
    }
    Answer whole = Gateway.post(
        "/v2/models/identity-bytes/infer",
        "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"BYTES\",\"shape\":[1,1],\"data\":[\"\\ud83d\\ude00\"]}]}");
    assertThat(whole.json().at("/outputs/0/data/0").asText()).isEqualTo("\uD83D\uDE00");
  }
}
