package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MLflow's and TensorFlow Serving's forms. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class ScoringTest {
  private static final String IRIS = "/models/iris-logreg/invocations";
  private static final String STRINGS = "/models/string-input/invocations";
  private static final String TF_IRIS = "/v1/models/iris-logreg:predict";
  private static final String TF_MLP = "/v1/models/mlp:predict";

  @Inject
  FixtureServables servables;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static Answer score(String path, String body) {
    return Gateway.post(path, body, "Content-Type", "application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\",\"d\"],\"index\":[0,1],\"data\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}",
        "{\"dataframe_split\":{\"data\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}",
        "{\"dataframe_split\":{\"columns\":null,\"data\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}",
        "{\"dataframe_records\":[{\"a\":5.1,\"b\":3.5,\"c\":1.4,\"d\":0.2},{\"a\":6,\"b\":3,\"c\":5,\"d\":2}]}"
      })
  void aFrameIsAnsweredWithRecords(String body) {
    Answer answer = score(IRIS, body);
    assertThat(answer.status())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    assertThat(answer.json().get("predictions")).hasSize(2);
    assertThat(answer.json().get("predictions").get(1).get("label").asInt()).isEqualTo(2);
    assertThat(answer.json().get("predictions").get(1).get("probabilities")).hasSize(3);
    assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"instances\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}",
        "{\"inputs\":[[5.1,3.5,1.4,0.2],[6,3,5,2]],\"params\":{}}",
        "{\"inputs\":{\"X\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}"
      })
  void tensorsAreAnsweredWithTensors(String body) {
    assertThat(score(IRIS, body).json().get("predictions").get("label").toString())
        .isEqualTo("[0,2]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dataframe_split\":{\"columns\":[\"size\",\"city\",\"colour\"],\"data\":[[0.25,\"Wien\",\"red\"]]}}",
        "{\"dataframe_split\":{\"data\":[[0.25,\"Wien\",\"red\"]],\"columns\":[\"size\",\"city\",\"colour\"]}}",
        "{\"dataframe_records\":[{\"size\":0.25,\"city\":\"Wien\",\"colour\":\"red\"}]}"
      })
  void columnsFindTheirInputsByName(String body) {
    assertThat(
            score(STRINGS, body).json().get("predictions").get(0).get("label").asText())
        .isEqualTo("reject");
  }

  /** What MLflow's flavors of the boosters answer: the array that their predict gives (mlflow.xgboost, mlflow.lightgbm). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\",\"d\"],\"data\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}",
        "{\"inputs\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}",
        "{\"instances\":[{\"input\":[5.1,3.5,1.4,0.2]},{\"input\":[6,3,5,2]}]}"
      })
  void aBoosterAnswersWithABareArray(String body) {
    JsonNode predictions =
        score("/models/iris-lightgbm/invocations", body).json().get("predictions");
    assertThat(predictions).hasSize(2);
    for (JsonNode row : predictions) {
      assertThat(row).hasSize(3);
      assertThat(row.get(0).isNumber()).as(row.toString()).isTrue();
    }
  }

  @Test
  void csvIsScoredToo() {
    Answer answer = Gateway.post(IRIS, "a,b,c,d\n6,3,5,2\n", "Content-Type", "text/csv");
    assertThat(answer.json().get("predictions").get(0).get("label").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|give one of",
        "{\"instances\":[],\"inputs\":[]}|not 'instances' and 'inputs'",
        "{\"dataframe_split\":{}}|has no 'data'",
        "{\"dataframe_split\":{\"columns\":[\"a\",\"a\"],\"data\":[]}}|has a name twice",
        "{\"dataframe_split\":{\"columns\":[\"a\",\"b\"],\"data\":[[1,2,3,4]]}}|'columns' names 2 columns, the rows have 4",
        "{\"dataframe_records\":[{\"a\":1,\"b\":1,\"c\":1,\"d\":1},{\"b\":1,\"a\":1,\"c\":1,\"d\":1}]}|row 1: expected column 'a', got 'b'",
        "{\"dataframe_records\":[{\"a\":1,\"b\":1,\"c\":1}]}|expected shape [-1, 4], got [1, 3]",
        "nonsense|not JSON"
      })
  void mistakesHaveMlflowsForm(String body, String message) {
    Answer answer = score(IRIS, body);
    assertThat(answer.json().get("message").asText()).contains(message);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("BAD_REQUEST");
    assertThat(answer.status()).isEqualTo(400);
  }

  private static Answer scoreWith(String model, String params) {
    return score("/models/" + model + "/invocations", """
        {"params":%s,"dataframe_split":{"columns":["n","x","day","ok","raw"],
          "data":[[1,2.5,"2026-01-02",true,"aGk="]]}}""".formatted(params));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "{\"limit\":3,\"share\":1,\"since\":\"2026-02-03\",\"tags\":[\"a\",\"b\"],\"deep\":false}",
        "{\"limit\":null,\"unknown\":[[1]],\"tags\":[]}",
        "{\"since\":\"2026\"}",
        "{\"since\":\"2026-02\"}",
        "{\"since\":\"2026-02-03T10\"}",
        "{\"since\":\"2026-02-03T10:11:12.5Z\"}",
        "{\"since\":\"2026-02-03 10:11+02:00\"}",
        "{\"since\":\"now\"}"
      })
  void paramsThatFitTheSignatureAndUnknownOnesAreTaken(String params) {
    assertThat(scoreWith(FixtureServables.TYPED_COLUMNS, params).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]|Parameters must be a dictionary",
        "{\"limit\":1.5}|'limit': long (default: 10), error: Can not safely convert 1.5 to long",
        "{\"limit\":true}|Can not safely convert true to long",
        "{\"share\":\"half\"}|Can not safely convert the string \"half\" to double",
        "{\"since\":5}|to datetime",
        "{\"since\":\"soon\"}|to datetime",
        "{\"since\":\"2026-02-30\"}|to datetime",
        "{\"since\":\"20260203\"}|to datetime",
        "{\"since\":\"2026-02-03Z\"}|to datetime",
        "{\"tags\":\"a\"}|Value must be a 1D array with shape (-1,) for param 'tags'",
        "{\"tags\":[\"a\",1]}|Can not safely convert 1 to string",
        "{\"deep\":1,\"limit\":[]}|Can not safely convert an array to long"
      })
  void paramsOfAnotherTypeAreRefusedAsMlflowDoes(String params, String message) {
    Answer answer = scoreWith(FixtureServables.TYPED_COLUMNS, params);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(answer.json().get("message").asText()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"anything\":[{}]}", "7"})
  void paramsOfAModelThatHasNoneAreIgnored(String params) {
    Answer answer = score(IRIS, "{\"inputs\":[[5.1,3.5,1.4,0.2]],\"params\":" + params + "}");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void theScoringServersOwnPagesAnswer() {
    assertThat(Gateway.get("/ping").status()).isEqualTo(200);
    assertThat(Gateway.get("/health").status()).isEqualTo(200);
    assertThat(new String(Gateway.get("/version").bytes(), StandardCharsets.UTF_8))
        .isEqualTo("3.17.2");
    assertThat(score("/invocations", "{}").json().get("message").asText())
        .contains("/models/{name}/invocations");
    assertThat(Gateway.post(IRIS, "{}", "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(
            score("/models/nobody/invocations", "{}").json().get("error_code").asText())
        .isEqualTo("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void tensorFlowServingAnswersRowsWithRowsAndColumnsWithColumns() {
    String rows = "[[5.1,3.5,1.4,0.2],[6,3,5,2]]";
    assertThat(Gateway.post(TF_IRIS, "{\"instances\":" + rows + "}")
            .json()
            .get("predictions")
            .get(1)
            .get("label")
            .asInt())
        .isEqualTo(2);
    assertThat(
            Gateway.post(TF_IRIS, "{\"instances\":[{\"X\":[6,3,5,2]}]}").json().get("predictions"))
        .hasSize(1);
    assertThat(Gateway.post(
                TF_IRIS, "{\"signature_name\":\"serving_default\",\"inputs\":" + rows + "}")
            .json()
            .get("outputs")
            .get("label")
            .toString())
        .isEqualTo("[0,2]");
    String row = "[" + "0.5,".repeat(63) + "0.5]";
    assertThat(Gateway.post(TF_MLP, "{\"instances\":[" + row + "," + row + "]}")
            .json()
            .get("predictions")
            .get(1))
        .hasSize(8);
    assertThat(Gateway.post(TF_MLP, "{\"inputs\":[" + row + "]}")
            .json()
            .get("outputs")
            .get(0))
        .hasSize(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/jsonlines", "application/json-patch+json", "text/csvx"})
  void aTypeThatOnlyBeginsLikeOneThatIsTakenIsNot(String type) {
    assertThat(Gateway.post(
                "/models/iris-logreg/invocations", "{\"inputs\":[[1,2,3,4]]}", "Content-Type", type)
            .status())
        .isEqualTo(415);
  }

  @Test
  void tensorFlowServingTakesBase64() {
    assertThat(Gateway.post(
                "/v1/models/identity-bytes:predict",
                "{\"instances\":[[{\"b64\":\"w7w=\"}],[{\"b64\":\"w7\\nw=\\n\"}],[\"plain\"]]}")
            .json()
            .get("predictions")
            .toString())
        .isEqualTo("[[\"ü\"],[\"ü\"],[\"plain\"]]");
    assertThat(Gateway.post(
                "/v1/models/string-input:predict",
                "{\"instances\":[{\"colour\":{\"b64\":\"cmVk\"},\"city\":\"Wien\",\"size\":0.25}]}")
            .json()
            .get("predictions")
            .get(0)
            .get("label")
            .asText())
        .isEqualTo("reject");
    assertThat(
            Gateway.post("/v1/models/identity-bytes:predict", "{\"instances\":[[{\"b64\":\"%\"}]]}")
                .json()
                .get("error")
                .asText())
        .contains("not base64");
  }

  @Test
  void tensorFlowServingNamesVersionsAndLabels() {
    String body = "{\"instances\":[[6,3,5,2]]}";
    assertThat(Gateway.post("/v1/models/iris-logreg/versions/2:predict", body)
            .header("X-Slipway-Version"))
        .isEqualTo("2");
    assertThat(Gateway.post("/v1/models/iris-logreg/labels/staging:predict", body)
            .header("X-Slipway-Version"))
        .isEqualTo("2");
    assertThat(Gateway.post("/v1/models/iris-logreg/labels/next:predict", body)
            .header("X-Slipway-Version"))
        .isEqualTo("2");
    assertThat(
            Gateway.post("/v1/models/nobody:predict", body).json().get("error").asText())
        .contains("'nobody'");
    assertThat(Gateway.get("/v1/models/iris-logreg")
            .json()
            .get("model_version_status")
            .get(0)
            .get("state")
            .asText())
        .isEqualTo("AVAILABLE");
    assertThat(Gateway.get("/v1/models/iris-logreg/metadata")
            .json()
            .at("/metadata/signature_def/signature_def/serving_default/inputs/X/dtype")
            .asText())
        .isEqualTo("DT_FLOAT");
    assertThat(Gateway.get("/v1/models/nobody").status()).isEqualTo(404);
  }
}
