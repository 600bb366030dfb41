package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model with scikit-learn's ZipMap, row by row: its classes' labels stand beside the rows, and no rows are rows too. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class ZipMapTest {
  private static final String SCORED = "/models/iris-logreg-zipmap/invocations";

  private static Answer score(String body) {
    return Gateway.post(SCORED, body, "Content-Type", "application/json");
  }

  private static String rowsOf(int rows) {
    return "[" + String.join(",", Collections.nCopies(rows, "[5.1,3.5,1.4,0.2]")) + "]";
  }

  private static List<JsonNode> values(JsonNode node) {
    List<JsonNode> values = new ArrayList<>();
    node.forEach(values::add);
    return values;
  }

  private static String predictions(String model, String body) {
    Answer answer =
        Gateway.post("/models/" + model + "/invocations", body, "Content-Type", "application/json");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    return answer.json().get("predictions").toString();
  }

  /** As {@code mlflow.onnx} gives them, records or not. A label that is a number is a text there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-scores|{\"dataframe_split\":{\"data\":[[1,2,3],[4,5,6]]}}|[{\"X2\":{\"no\":1.0,\"y\\\"s\":2.0,\"ü\":3.0}},{\"X2\":{\"no\":4.0,\"y\\\"s\":5.0,\"ü\":6.0}}]",
        "signed-scores|{\"dataframe_records\":[{\"c\":3,\"b\":null,\"a\":1}]}|[{\"X2\":{\"no\":1.0,\"y\\\"s\":\"NaN\",\"ü\":3.0}}]",
        "signed-scores|{\"inputs\":{\"a\":1,\"b\":2,\"c\":3}}|[{\"X2\":{\"no\":1.0,\"y\\\"s\":2.0,\"ü\":3.0}}]",
        "signed-scores|{\"inputs\":{\"a\":[],\"b\":[],\"c\":[]}}|[]",
        "signed-scores-of-tensor|{\"inputs\":[[1,2,3],[4,5,6],[7,8,9]]}|{\"X2\":[{\"0\":1.0,\"-7\":2.0,\"12\":3.0},{\"0\":4.0,\"-7\":5.0,\"12\":6.0},{\"0\":7.0,\"-7\":8.0,\"12\":9.0}]}",
        "signed-scores-of-tensor|{\"dataframe_split\":{\"data\":[[1,2,3]]}}|{\"X2\":[{\"0\":1.0,\"-7\":2.0,\"12\":3.0}]}",
        "signed-scores-in-ort|{\"dataframe_split\":{\"data\":[[1,2,3],[4,5,6],[7,8,9]]}}|[{\"X2\":{\"-7\":2.0,\"0\":1.0,\"12\":3.0}},{\"X2\":{\"-7\":5.0,\"0\":4.0,\"12\":6.0}},{\"X2\":{\"-7\":8.0,\"0\":7.0,\"12\":9.0}}]",
        "signed-scores-in-ort|{\"dataframe_split\":{\"data\":[]}}|[]"
      })
  void mlflowsFormsHaveAnObjectFromLabelToScore(String model, String body, String expected) {
    assertThat(predictions(model, body)).isEqualTo(expected);
  }

  @Test
  void withoutASignatureToo() {
    String body = "{\"inputs\":" + rowsOf(3) + "}";
    JsonNode tensors = score(body).json().get("predictions");
    assertThat(tensors.fieldNames())
        .toIterable()
        .containsExactly("output_label", "output_probability");
    assertThat(tensors.get("output_probability")).hasSize(3);
    assertThat(tensors.at("/output_probability/2").fieldNames())
        .toIterable()
        .containsExactly("0", "1", "2");
  }

  /** Where the file does not say how many classes there are, as many rows as classes are no exception either. */
  @Test
  void theOtherFormsHaveListsAndNoLabelsAmongTheRows() {
    String rows = "[[1,2,3],[4,5,6],[7,8,9]]";
    assertThat(
            Gateway.post("/v1/models/signed-scores-in-ort:predict", "{\"instances\":" + rows + "}")
                .json()
                .get("predictions")
                .toString())
        .isEqualTo("[[2.0,1.0,3.0],[5.0,4.0,6.0],[8.0,7.0,9.0]]");
    assertThat(Gateway.post("/models/signed-scores/predict", "{\"rows\":" + rows + "}")
            .json()
            .at("/outputs/X2")
            .toString())
        .isEqualTo("[[1.0,2.0,3.0],[4.0,5.0,6.0],[7.0,8.0,9.0]]");
  }

  @Test
  void aFrameWithoutRowsHasNoPredictions() {
    Answer split =
        score("{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\",\"d\"],\"data\":[]}}");
    assertThat(split.json().toString()).isEqualTo("{\"predictions\":[]}");
    Answer csv = Gateway.post(SCORED, "a,b,c,d\n", "Content-Type", "text/csv");
    assertThat(csv.json().toString()).isEqualTo("{\"predictions\":[]}");
    JsonNode tensors = Gateway.post(
            "/v2/models/iris-logreg-zipmap/infer",
            "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[0,4],\"data\":[]}]}")
        .json();
    assertThat(tensors.at("/outputs/1/shape").toString()).isEqualTo("[0,3]");
    assertThat(tensors.at("/outputs/2/data").toString()).isEqualTo("[0,1,2]");
  }

  /** As many rows as the model has classes are no exception: the labels of the classes belong to no row. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void classLabelsBelongToNoRow(int rows) {
    String data = rowsOf(rows);
    JsonNode records = score(
            "{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\",\"d\"],\"data\":" + data + "}}")
        .json()
        .get("predictions");
    JsonNode instances = Gateway.post(
            "/v1/models/iris-logreg-zipmap:predict", "{\"instances\":" + data + "}")
        .json()
        .get("predictions");
    assertThat(records).hasSize(rows);
    assertThat(instances).hasSize(rows);
    for (JsonNode answer : List.of(records, instances)) {
      assertThat(answer.get(0).fieldNames())
          .toIterable()
          .containsExactly("output_label", "output_probability");
    }
    assertThat(values(records.at("/0/output_probability")))
        .isEqualTo(values(instances.at("/0/output_probability")));
    String csv = new String(
        Gateway.post(
                "/models/iris-logreg-zipmap/predict",
                "{\"rows\":" + data + "}",
                "Content-Type",
                "application/json",
                "Accept",
                "text/csv")
            .bytes(),
        StandardCharsets.UTF_8);
    assertThat(csv.lines()).hasSize(rows + 1);
    assertThat(csv)
        .startsWith(
            "output_label,output_probability_0,output_probability_1,output_probability_2\r\n");
  }
}
