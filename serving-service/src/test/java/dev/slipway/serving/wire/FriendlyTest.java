package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ServesFixtures.class)
class FriendlyTest {
  private static final String IRIS = "/models/iris-logreg/predict";
  private static final String STRINGS = "/models/string-input/predict";

  @Inject
  FixtureServables servables;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[5.1,3.5,1.4,0.2],[6,3,5,2]]",
        "{\"rows\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}",
        "{\"rows\":[{\"X\":[5.1,3.5,1.4,0.2]},{\"X\":[6,3,5,2]}]}",
        "{\"columns\":{\"X\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}",
        "{\"inputs\":{\"X\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]},\"outputs\":[\"label\"]}"
      })
  void aMatrixMayBeTypedInManyWays(String body) {
    Answer answer = Gateway.post(IRIS, body);
    assertThat(answer.status()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.get("model").asText()).isEqualTo("iris-logreg");
    assertThat(json.get("version").asInt()).isEqualTo(1);
    assertThat(json.get("digest").asText()).isEqualTo(answer.header("X-Slipway-Digest"));
    assertThat(json.get("outputs").get("label").toString()).isEqualTo("[0,2]");
    if (!body.contains("outputs")) {
      assertThat(json.get("outputs").get("probabilities").get(1)).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rows\":[{\"colour\":\"red\",\"city\":\"Wien\",\"size\":0.25}]}",
        "[{\"size\":0.25,\"city\":\"Wien\",\"colour\":\"red\"}]",
        "[[\"red\",\"Wien\",0.25]]",
        "{\"columns\":{\"colour\":[\"red\"],\"city\":[\"Wien\"],\"size\":[0.25]}}",
        "{\"inputs\":{\"colour\":[[\"red\"]],\"city\":[[\"Wien\"]],\"size\":[[0.25]]}}"
      })
  void namedColumnsBecomeNamedInputs(String body) {
    assertThat(Gateway.post(STRINGS, body).json().get("outputs").get("label").toString())
        .isEqualTo("[\"reject\"]");
  }

  @Test
  void csvHasAHeader() {
    assertThat(Gateway.post(
                STRINGS,
                "city,colour,size\r\n\"Wien\",red,0.25\r\n\"a \"\"b\"\", c\",green,0.75\r\n",
                "Content-Type",
                "text/csv; charset=utf-8")
            .json()
            .get("outputs")
            .get("label"))
        .hasSize(2);
    assertThat(Gateway.post(IRIS, "a,b,c,d\n5.1,3.5,1.4,0.2\n", "Content-Type", "text/csv")
            .json()
            .get("outputs")
            .get("label")
            .toString())
        .isEqualTo("[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/models/iris-logreg/versions/2/predict",
        "/models/iris-logreg/predict?version=2",
        "/models/iris-logreg/predict?alias=next",
        "/models/iris-logreg/predict?stage=staging"
      })
  void aVersionMayBeNamed(String path) {
    Answer answer = Gateway.post(path, "[[5.1,3.5,1.4,0.2]]");
    assertThat(answer.json().get("version").asInt()).isEqualTo(2);
  }

  static Stream<Arguments> badRequests() {
    return Stream.of(
        Arguments.of(IRIS, "{}", 400, "give one of \"rows\""),
        Arguments.of(IRIS, "5", 400, "got 5"),
        Arguments.of(IRIS, "{\"row\":[]}", 400, "got 'row'"),
        Arguments.of(
            IRIS, "{\"rows\":[[1,2,3]]}", 400, "input 'X': expected shape [-1, 4], got [1, 3]"),
        Arguments.of(IRIS, "{\"rows\":[[1,2,3,4],[1,2,3]]}", 400, "ragged"),
        Arguments.of(IRIS, "{\"rows\":[[1,2,3,null]]}", 400, "FP32 takes a number, got null"),
        Arguments.of(
            IRIS,
            "{\"rows\":[{\"sepal\":1}]}",
            400,
            "does not name its columns: give each row as a list"),
        Arguments.of(IRIS, "{\"rows\":[],\"columns\":{}}", 400, "not 'rows' and 'columns'"),
        Arguments.of(
            IRIS, "{\"inputs\":{\"X\":[1,2,3,4]}}", 400, "expected shape [-1, 4], got [4]"),
        Arguments.of(IRIS + "?stage=Testing", "[]", 400, "Testing"),
        Arguments.of(
            IRIS + "?version=1&alias=next",
            "[]",
            400,
            "name one of version, alias and stage, not 2"),
        Arguments.of(
            STRINGS,
            "[{\"colour\":\"red\",\"city\":\"Wien\"}]",
            400,
            "row 0: missing input 'size'"),
        Arguments.of(
            STRINGS, "[{\"colour\":\"red\",\"town\":\"Wien\"}]", 400, "unknown input 'town'"),
        Arguments.of(STRINGS, "[[\"red\",\"Wien\",0.25,1]]", 400, "row 0 has more than 3 values"),
        Arguments.of(
            STRINGS,
            "[{\"colour\":\"red\",\"colour\":\"red\"}]",
            400,
            "'colour' stands twice in row 0"),
        Arguments.of(
            STRINGS,
            "{\"columns\":{\"colour\":[\"red\"],\"city\":[\"a\",\"b\"]}}",
            400,
            "columns 'colour' and 'city' have 1 and 2 rows"),
        Arguments.of("/models/nobody/predict", "[]", 404, "'nobody'"));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void mistakesAreExplained(String path, String body, int status, String message) {
    Answer answer = Gateway.post(path, body);
    assertThat(answer.json().get("detail").asText()).contains(message);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void csvMistakesAreExplained() {
    assertThat(csv("a,b,c,d\n1,2,3\n")).contains("row 0 has 3 values, the header 4");
    assertThat(csv("a,b,c,d\n1,2,3,x\n")).contains("row 0, 'X': FP32 takes a number, got 'x'");
    assertThat(csv("")).contains("the CSV is empty");
    assertThat(csv("a,b,c,d\n\"1,2,3,4\n")).contains("ends inside quotes");
  }

  private static String csv(String body) {
    return Gateway.post(IRIS, body, "Content-Type", "text/csv")
        .json()
        .get("detail")
        .asText();
  }
}
