package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever moves a logged booster from {@code mlflow models serve} to this gateway gets the same answers. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class LoggedBoostersTest {
  private static final double RELATIVE = 1e-6;

  @ParameterizedTest
  @MethodSource("dev.slipway.serving.wire.LoggedBoosters#names()")
  void invocationsAnswerWhatMlflowsScoringServerAnswers(String name) {
    var answer = Gateway.post(
        "/models/" + name + "/invocations",
        LoggedBoosters.request(name),
        "Content-Type",
        "application/json");

    assertThat(answer.status())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    assertSame(
        "predictions",
        answer.json().get("predictions"),
        LoggedBoosters.answer(name).get("predictions"));
  }

  private static void assertSame(String where, JsonNode ours, JsonNode theirs) {
    assertThat(ours.getNodeType()).as(where).isEqualTo(theirs.getNodeType());
    if (theirs.isArray()) {
      assertThat(ours).as(where).hasSize(theirs.size());
      for (int i = 0; i < theirs.size(); i++) {
        assertSame(where + "[" + i + "]", ours.get(i), theirs.get(i));
      }
    } else if (theirs.isIntegralNumber()) {
      assertThat(ours.isIntegralNumber()).as(where + ": " + ours).isTrue();
      assertThat(ours.asLong()).as(where).isEqualTo(theirs.asLong());
    } else {
      double expected = theirs.asDouble();
      assertThat(ours.asDouble())
          .as(where)
          .isCloseTo(expected, within(Math.abs(expected) * RELATIVE));
    }
  }

  /** By the other protocols, which have names for outputs, a classifier answers both. */
  @Test
  void aClassifiersSignatureHasItsLabelsAndItsScores() throws IOException {
    JsonNode outputs = Gateway.get("/v2/models/xgb-classifier-three").json().get("outputs");
    assertThat(outputs).hasSize(2);
    assertThat(outputs.get(0))
        .isEqualTo(new ObjectMapper()
            .readTree("{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[-1]}"));
    assertThat(outputs.get(1))
        .isEqualTo(new ObjectMapper()
            .readTree("{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,3]}"));

    String row = "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,4],"
        + "\"data\":[1.449,-1.44,-0.017,-0.869]}]%s}";
    JsonNode both = Gateway.post("/v2/models/xgb-classifier-three/infer", row.formatted(""))
        .json()
        .get("outputs");
    assertThat(both).hasSize(2);
    double best =
        both.get(1).get("data").get(both.get(0).get("data").get(0).asInt()).asDouble();
    both.get(1).get("data").forEach(one -> assertThat(one.asDouble()).isLessThanOrEqualTo(best));
    JsonNode asked = Gateway.post(
            "/v2/models/xgb-classifier-three/infer",
            row.formatted(",\"outputs\":[{\"name\":\"label\"}]"))
        .json()
        .get("outputs");
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0)).isEqualTo(both.get(0));
  }
}
