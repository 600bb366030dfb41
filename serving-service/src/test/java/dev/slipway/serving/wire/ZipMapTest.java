package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    assertThat(records).hasSize(rows).isEqualTo(instances);
    assertThat(records.get(0).fieldNames())
        .toIterable()
        .containsExactly("output_label", "output_probability");
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
