package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Triton has beyond the protocol: raw binary requests, time-outs in the body, an index of the repository. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class TritonRequestsTest {
  private static final String LENGTH = "Inference-Header-Content-Length";
  private static final String IRIS = "/v2/models/iris-logreg/infer";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject
  FixtureServables servables;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static byte[] flowers(int count) {
    ByteBuffer data = ByteBuffer.allocate(16 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putFloat(6).putFloat(3).putFloat(5).putFloat(2);
    }
    return data.array();
  }

  private static Answer raw(String path, byte[] body) {
    return Gateway.post(path, body, "Content-Type", "application/octet-stream", LENGTH, "0");
  }

  private static JsonNode head(Answer answer) {
    assertThat(answer.status())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    try {
      return JSON.readTree(answer.bytes(), 0, Integer.parseInt(answer.header(LENGTH)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aBodyThatIsOnlyDataHasAsManyRowsAsItHasBytesFor(int rows) {
    Answer answer = raw(IRIS, flowers(rows));
    JsonNode label = head(answer).get("outputs").get(0);
    assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(label.get("shape").toString()).isEqualTo("[" + rows + "]");
    assertThat(label.at("/parameters/binary_data_size").asInt()).isEqualTo(8 * rows);
    ByteBuffer tail = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(tail.getLong(Integer.parseInt(answer.header(LENGTH)))).isEqualTo(2);
  }

  @Test
  void ofTwoFreeDimensionsTheFirstIsOne() {
    Answer answer = raw("/v2/models/identity-fp32/infer", flowers(1));
    JsonNode output = head(answer).get("outputs").get(0);
    assertThat(output.get("shape").toString()).isEqualTo("[1,4]");
    assertThat(answer.bytes()).endsWith(flowers(1));
  }

  @Test
  void aBodyForStringsIsOneOfThem() {
    byte[] text = "größe 🦊".getBytes(StandardCharsets.UTF_8);
    Answer answer = raw("/v2/models/identity-bytes/infer", text);
    assertThat(head(answer).at("/outputs/0/shape").toString()).isEqualTo("[1,1]");
    assertThat(answer.bytes()).endsWith(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iris-logreg|18|FP32 of shape [1, 4] takes 16 bytes, got 18",
        "string-input|4|for models of one input; this one takes",
        "encoder|4|for models of one input",
        "no-such|4|Request for unknown model"
      })
  void whatDoesNotFollowFromTheSizeIsRefused(String model, int bytes, String message) {
    Answer answer = raw("/v2/models/" + model + "/infer", new byte[bytes]);
    assertThat(answer.status()).isBetween(400, 404);
    assertThat(answer.json().get("error").asText()).contains(message);
  }

  @Test
  void aModelThatTakesNothingIsSaidToTakeNothing() {
    Answer answer = Gateway.post("/v2/models/constant/infer", "{}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error").asText()).endsWith("the model takes nothing");
    assertThat(Gateway.post("/v2/models/constant/infer", "{\"inputs\":[]}").status())
        .isEqualTo(200);
  }

  private static String endless(String parameters) {
    return "{\"parameters\":" + parameters
        + ",\"inputs\":[{\"name\":\"count\",\"datatype\":\"INT64\",\"shape\":[],"
        + "\"data\":[9223372036854775807]},"
        + "{\"name\":\"start\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}";
  }

  /** The shorter of the header's and the body's time; 0 is none. */
  @ParameterizedTest
  @CsvSource({"{\"timeout\":0},200", "{\"timeout\":60000000},200", "{\"timeout\":200000},60000"})
  void theBodysTimeOutDoesNotOverrideAShorterOneOfTheHead(String parameters, String header) {
    long started = System.nanoTime();
    Answer answer =
        Gateway.post("/v2/models/slow/infer", endless(parameters), "X-Slipway-Timeout-Ms", header);
    assertThat(answer.status()).isEqualTo(504);
    assertThat(System.nanoTime() - started).isLessThan(25_000_000_000L);
  }

  @Test
  void theIndexNamesWhatIsNotLoadedToo() {
    JsonNode index = Gateway.post("/v2/repository/index", "").json();
    assertThat(index).anySatisfy(model -> {
      assertThat(model.get("name").asText()).isEqualTo(FixtureServables.NOT_LOADED);
      assertThat(model.get("version").asText()).isEqualTo("3");
      assertThat(model.get("state").asText()).isEqualTo("UNAVAILABLE");
      assertThat(model.get("reason").asText()).isEqualTo("its file was cut short");
    });
    assertThat(Gateway.post("/v2/repository/index", "{\"ready\":false}").json())
        .hasSameSizeAs(index);
    JsonNode ready = Gateway.post("/v2/repository/index", "{\"ready\":true}").json();
    assertThat(ready).hasSize(index.size() - 1);
    assertThat(ready.findValuesAsText("state")).containsOnly("READY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{\"ready\":\"yes\"}", "{"})
  void anIndexOfNonsenseIsRefused(String question) {
    Answer answer = Gateway.post("/v2/repository/index", question);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error").asText()).isNotBlank();
  }

  @Test
  void aQuestionIsNotReadForever() {
    Answer answer = Gateway.post("/v2/repository/index", " ".repeat(1 << 17));
    assertThat(answer.status()).isEqualTo(413);
  }
}
