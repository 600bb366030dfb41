package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of a request and its answer, by the kind of the model's signature (mlflow.models.utils._enforce_schema). */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class MlflowFormsTest {
  private static Gateway.Answer score(String model, String body, String type) {
    return Gateway.post("/models/" + model + "/invocations", body, "Content-Type", type);
  }

  private static String predictions(String model, String body) {
    return predictions(model, body, "application/json");
  }

  private static String predictions(String model, String body, String type) {
    Gateway.Answer answer = score(model, body, type);
    assertThat(answer.status())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return answer.json().get("predictions").toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-flags|{\"dataframe_records\":[{\"a\":0.5,\"b\":2,\"flag\":true},{\"a\":1.5,\"b\":3,\"flag\":false}]}|[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]",
        "signed-flags|{\"dataframe_split\":{\"columns\":[\"flag\",\"a\",\"b\"],\"data\":[[true,0.5,2],[false,1.5,3]]}}|[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]",
        "signed-whole-flags|{\"dataframe_split\":{\"data\":[[5,true],[6,false]]}}|[{\"X2\":[5,1]},{\"X2\":[6,0]}]",
        "signed-whole-flags|{\"dataframe_split\":{\"data\":[[5.0,true],[6e2,false]]}}|[{\"X2\":[5,1]},{\"X2\":[600,0]}]"
      })
  void aTruthValueAmongNumbersIsOneOrNought(String model, String body, String expected) {
    assertThat(predictions(model, body)).isEqualTo(expected);
  }

  /** As after pandas.get_dummies: the boosters' own libraries take such a frame. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dataframe_records\":[{\"a\":6,\"b\":3,\"c\":5,\"flag\":true},{\"a\":5.1,\"b\":3.5,\"c\":1.4,\"flag\":false}]}",
        "{\"inputs\":{\"a\":[6,5.1],\"b\":[3,3.5],\"c\":[5,1.4],\"flag\":[true,false]}}"
      })
  void ofABoosterToo(String body) {
    assertThat(predictions(SignedModels.BOOSTER, body))
        .isEqualTo(
            predictions(FixtureServables.BOOSTER, "{\"inputs\":[[6,3,5,1],[5.1,3.5,1.4,0]]}"));
  }

  @Test
  void inCsvToo() {
    assertThat(predictions(SignedModels.FLAGS, "a,b,flag\n0.5,2,True\n1.5,3,false\n", "text/csv"))
        .isEqualTo("[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]");
  }

  /** {@code mlflow.onnx} answers it with records, whose cells hold a row's only value itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-flags|{\"inputs\":{\"flag\":[true,false],\"a\":[0.5,1.5],\"b\":[2,3]}}|[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]",
        "signed-flags|{\"instances\":{\"extra\":[{},1],\"flag\":[true,false],\"a\":[0.5,1.5],\"b\":[2,3]}}|[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]",
        "signed-flags|{\"inputs\":{\"a\":0.5,\"b\":2,\"flag\":true}}|[{\"X2\":[0.5,2.0,1.0]}]",
        "signed-flags|{\"inputs\":{\"a\":[null],\"b\":[2],\"flag\":[true]}}|[{\"X2\":[\"NaN\",2.0,1.0]}]",
        "signed-flags|{\"inputs\":{\"X\":[[0.5,2,1],[1.5,3,0]]}}|[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]",
        "signed-flags|{\"inputs\":[[0.5,2,1],[1.5,3,0]]}|[{\"X2\":[0.5,2.0,1.0]},{\"X2\":[1.5,3.0,0.0]}]",
        "signed-text|{\"inputs\":{\"text\":[\"a\",\"b\"]}}|[{\"text2\":\"a\"},{\"text2\":\"b\"}]",
        "signed-text|{\"inputs\":[\"a\",\"b\"]}|[{\"text2\":\"a\"},{\"text2\":\"b\"}]",
        "signed-text|{\"instances\":[\"a\",\"b\"]}|[{\"text2\":\"a\"},{\"text2\":\"b\"}]",
        "signed-text|{\"inputs\":{\"text\":[[\"a\"],[\"b\"]]}}|[{\"text2\":\"a\"},{\"text2\":\"b\"}]",
        "signed-text|{\"inputs\":{\"text\":\"a\"}}|[{\"text2\":\"a\"}]",
        "signed-text|{\"dataframe_records\":[{\"text\":\"a\"},{\"text\":\"b\"}]}|[{\"text2\":\"a\"},{\"text2\":\"b\"}]",
        "signed-text|{\"dataframe_records\":[{\"text\":94110},{\"text\":\"b\"}]}|[{\"text2\":\"94110\"},{\"text2\":\"b\"}]",
        "signed-text|{\"dataframe_split\":{\"columns\":[\"text\"],\"data\":[[-0],[12345678901234567890]]}}|[{\"text2\":\"0\"},{\"text2\":\"12345678901234567890\"}]",
        "signed-text|{\"inputs\":{\"text\":[7,8]}}|[{\"text2\":\"7\"},{\"text2\":\"8\"}]",
        "signed-typed|{\"inputs\":{\"n\":[7,8],\"x\":[1.5,null]}}|[{\"x2\":1.5,\"n2\":7},{\"x2\":\"NaN\",\"n2\":8}]",
        "signed-typed|{\"inputs\":{\"n\":[[7],[8]],\"x\":[[1.5],[null]],\"more\":0}}|[{\"x2\":1.5,\"n2\":7},{\"x2\":\"NaN\",\"n2\":8}]",
        "signed-unnamed|{\"inputs\":[[1,2,3]]}|[{\"X2\":[1.0,2.0,3.0]}]",
        "signed-unnamed|{\"inputs\":[[1,null,3]]}|[{\"X2\":[1.0,\"NaN\",3.0]}]",
        "signed-unnamed|{\"instances\":[{\"a\":1,\"b\":2,\"c\":3}]}|[{\"X2\":[1.0,2.0,3.0]}]",
        "signed-unnamed|{\"dataframe_split\":{\"columns\":null,\"data\":[[1,2,3]]}}|[{\"X2\":[1.0,2.0,3.0]}]"
      })
  void columnsAreAFrameInEveryForm(String model, String body, String expected) {
    assertThat(predictions(model, body)).isEqualTo(expected);
  }

  /** Columns without names count from the front, and what stands behind the last is dropped; so is what is not the tensor of that name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-unnamed|{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\",\"z\"],\"data\":[[1,2,3,\"q\"]]}}|[{\"X2\":[1.0,2.0,3.0]}]",
        "signed-unnamed|{\"dataframe_split\":{\"data\":[[1,2,3,[{}]],[4,null,6,9]]}}|[{\"X2\":[1.0,2.0,3.0]},{\"X2\":[4.0,\"NaN\",6.0]}]",
        "signed-unnamed|{\"dataframe_records\":[{\"a\":1,\"b\":2,\"c\":3,\"z\":[1,{\"k\":2}]},{\"a\":4,\"b\":null,\"c\":6}]}|[{\"X2\":[1.0,2.0,3.0]},{\"X2\":[4.0,\"NaN\",6.0]}]",
        "signed-unnamed|{\"dataframe_records\":[{\"a\":1,\"b\":2,\"c\":3},{\"a\":4,\"b\":null,\"c\":6,\"z\":\"q\"}]}|[{\"X2\":[1.0,2.0,3.0]},{\"X2\":[4.0,\"NaN\",6.0]}]",
        "signed-unnamed|{\"instances\":[{\"a\":1,\"b\":2,\"c\":3,\"z\":\"q\"}]}|[{\"X2\":[1.0,2.0,3.0]}]",
        "signed-unnamed|{\"instances\":[[1,2,3,9],[4,null,6,\"q\"]]}|[{\"X2\":[1.0,2.0,3.0]},{\"X2\":[4.0,\"NaN\",6.0]}]",
        "signed-unnamed|{\"inputs\":[[1,2,3,9],[4,null,6,9]]}|[{\"X2\":[1.0,2.0,3.0]},{\"X2\":[4.0,\"NaN\",6.0]}]",
        "signed-named-tensor|{\"dataframe_split\":{\"columns\":[\"z\",\"X\"],\"data\":[[\"q\",[1,2,3]]]}}|{\"X2\":[[1.0,2.0,3.0]]}",
        "signed-named-tensor|{\"dataframe_records\":[{\"z\":\"q\",\"X\":[1,2,3]}]}|{\"X2\":[[1.0,2.0,3.0]]}",
        "signed-named-tensor|{\"instances\":[{\"z\":\"q\",\"X\":[1,2,3]},{\"X\":[4,5,6]}]}|{\"X2\":[[1.0,2.0,3.0],[4.0,5.0,6.0]]}",
        "signed-named-tensor|{\"inputs\":{\"z\":[\"q\"],\"X\":[[1,2,3]]}}|{\"X2\":[[1.0,2.0,3.0]]}",
        "signed-named-tensor|{\"dataframe_split\":{\"columns\":[\"X\",\"b\",\"c\"],\"data\":[[1,2,3]]}}|{\"X2\":[[1.0,2.0,3.0]]}"
      })
  void columnsThatTheModelDoesNotHaveAreDropped(String model, String body, String expected) {
    assertThat(predictions(model, body)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-unnamed|a,b,c,z;1,2,3,foo|[{\"X2\":[1.0,2.0,3.0]}]",
        "signed-unnamed|a,b,c,;1,2,3,|[{\"X2\":[1.0,2.0,3.0]}]",
        "signed-unnamed|a,b,c,z;|[]"
      })
  void inCsvTheyAreDroppedToo(String model, String lines, String expected) {
    assertThat(predictions(model, lines.replace(';', '\n'), "text/csv")).isEqualTo(expected);
  }

  @Test
  void ofAModelOfSeveralInputsToo() {
    String csv = "size,colour,city\n1.5,red,graz\n2,blue,wien\n";
    String more = "size,z,colour,city,\n1.5,foo,red,graz,\n2,,blue,wien,\n";
    assertThat(predictions("string-input", more, "text/csv"))
        .isEqualTo(predictions("string-input", csv, "text/csv"));
    assertThat(Gateway.post("/models/string-input/predict", more, "Content-Type", "text/csv")
            .json()
            .get("detail")
            .toString())
        .contains("unknown input 'z'");
  }

  /** MLflow's server takes the index for the first column, and answers something else. */
  @Test
  void anIndexIsNoColumn() {
    Gateway.Answer answer = score("signed-unnamed", ",a,b,c\n0,1,2,3\n", "text/csv");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("message").asText()).contains("without the index (index=False)");
  }

  /** Answered with the arrays of each output; what the signature does not have is ignored. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-tensors|{\"inputs\":{\"x\":[[0]],\"a\":[1],\"b\":[[1,2]]}}|{\"a2\":[1],\"b2\":[[1.0,2.0]]}",
        "signed-tensors|{\"instances\":{\"a\":[1],\"b\":[[1,2]],\"x\":{}}}|{\"a2\":[1],\"b2\":[[1.0,2.0]]}",
        "signed-tensors|{\"instances\":[{\"a\":1,\"x\":\"?\",\"b\":[1,2]}]}|{\"a2\":[1],\"b2\":[[1.0,2.0]]}",
        "signed-tensors|{\"dataframe_records\":[{\"a\":1,\"b\":[1,2],\"x\":\"?\"}]}|{\"a2\":[1],\"b2\":[[1.0,2.0]]}",
        "signed-tensors|{\"dataframe_split\":{\"columns\":[\"x\",\"b\",\"a\"],\"data\":[[\"?\",[1,2],1]]}}|{\"a2\":[1],\"b2\":[[1.0,2.0]]}",
        "signed-tensors|{\"inputs\":{\"a\":[1.0,2e1,-0.0,3],\"b\":[[1,2],[3,4],[5,6],[7,8]]}}|{\"a2\":[1,20,0,3],\"b2\":[[1.0,2.0],[3.0,4.0],[5.0,6.0],[7.0,8.0]]}",
        "signed-image|{\"inputs\":[[[1,2],[3,4]],[[5,6],[7,8]]]}|{\"img2\":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]]}",
        "signed-image|{\"dataframe_split\":{\"columns\":[\"x\"],\"data\":[[[1,2,3,4]],[[5,6,7,8]]]}}|{\"img2\":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]]}",
        "signed-image|{\"dataframe_split\":{\"columns\":[\"img\"],\"data\":[[[1,2,3,4]],[[5,6,7,8]]]}}|{\"img2\":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]]}",
        "signed-image|{\"dataframe_split\":{\"columns\":[\"x\"],\"data\":[[[[1,2],[3,4]]],[[[5,6],[7,8]]]]}}|{\"img2\":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]]}",
        "signed-image|{\"dataframe_records\":[{\"x\":[1,2,3,4]},{\"x\":[5,6,7,8]}]}|{\"img2\":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]]}",
        "signed-matrix|{\"dataframe_split\":{\"columns\":[\"x\"],\"data\":[[[1,2,3]],[[4,5,6]]]}}|{\"X2\":[[1.0,2.0,3.0],[4.0,5.0,6.0]]}",
        "signed-matrix|{\"dataframe_records\":[{\"x\":[1,2,3]},{\"x\":[4,5,6]}]}|{\"X2\":[[1.0,2.0,3.0],[4.0,5.0,6.0]]}",
        "signed-matrix|{\"dataframe_records\":[{\"a\":1,\"b\":2,\"c\":3},{\"a\":4,\"b\":5,\"c\":6}]}|{\"X2\":[[1.0,2.0,3.0],[4.0,5.0,6.0]]}"
      })
  void tensorsAreArraysInEveryForm(String model, String body, String expected) {
    assertThat(predictions(model, body)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-flags|{\"inputs\":{\"a\":[1,2],\"b\":[1],\"flag\":[true,true]}}|columns 'a' and 'b' have 2 and 1 rows",
        "signed-flags|{\"inputs\":{\"a\":[1],\"a\":[1],\"b\":[1],\"flag\":[true]}}|'a' stands twice",
        "signed-flags|{\"inputs\":{\"a\":[1],\"b\":[1]}}|missing inputs ['flag']",
        "signed-flags|{\"inputs\":{\"a\":[[1]],\"b\":[1],\"flag\":[true]}}|column a. Can not safely convert object to float64",
        "signed-flags|{\"inputs\":{\"a\":[1],\"b\":[1],\"flag\":[1]}}|column flag. Can not safely convert int64 to bool",
        "signed-text|{\"inputs\":{\"text\":[1.5]}}|column text. Can not safely convert float64 to <U0",
        "signed-text|{\"inputs\":{\"text\":[null]}}|column text. Can not safely convert float64 to <U0",
        "signed-unnamed|{\"dataframe_split\":{\"data\":[[1,2,3,9],[1,2,3]]}}|row 1 has 3 values, expected 4",
        "signed-unnamed|{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\"],\"data\":[[1,2,3,9]]}}|row 0 has 4 values, expected 3",
        "signed-unnamed|{\"dataframe_split\":{\"columns\":[\"z\",\"a\",\"b\",\"c\"],\"data\":[[\"q\",1,2,3]]}}|FP32 takes a number, got the string",
        "signed-unnamed|{\"dataframe_records\":[{\"a\":1,\"a\":7,\"b\":2,\"c\":3}]}|'a' stands twice in row 0",
        "signed-unnamed|{\"dataframe_records\":[{\"a\":1,\"b\":2,\"c\":3},{\"a\":1,\"b\":2,\"c\":3,\"z\":1,\"b\":9}]}|'b' stands twice in row 1",
        "iris-logreg|{\"dataframe_records\":[{\"a\":1,\"a\":2,\"b\":3,\"c\":4}]}|'a' stands twice in row 0",
        "signed-unnamed|{\"inputs\":[[1,[2],3,9]]}|row 0, column 1: expected a value, got an array",
        "signed-unnamed|{\"inputs\":[[1,2]]}|expected shape [-1, 3], got [1, 2]",
        "signed-matrix|{\"inputs\":[[1,2,3,9]]}|expected shape [-1, 3], got [1, 4]",
        "signed-named-tensor|{\"dataframe_records\":[{\"a\":1,\"b\":2,\"c\":3,\"z\":4}]}|expected shape [-1, 3], got [1, 4]",
        "signed-tensors|{\"inputs\":{\"a\":[1,1.5],\"b\":[[1,2],[1,2]]}}|INT64 takes an integer, got 1.5",
        "signed-tensors|{\"inputs\":{\"a\":[1e19],\"b\":[[1,2]]}}|1e19 is out of range for INT64",
        "signed-tensors|{\"inputs\":{\"a\":[NaN],\"b\":[[1,2]]}}|INT64 takes an integer, got NaN",
        "signed-tensors|{\"inputs\":{\"a\":[1],\"c\":[[1,2]]}}|unknown input 'c'",
        "signed-tensors|{\"dataframe_records\":[{\"a\":1,\"c\":[1,2]}]}|row 0: missing input 'b'",
        "signed-image|{\"dataframe_records\":[{\"x\":[1,2,3]}]}|expected shape [-1, 2, 2], got [1, 3]",
        "signed-matrix|{\"dataframe_records\":[{\"x\":[1,2,3]},{\"x\":[1,2]}]}|row 1: 'x' has shape [2], the values before it [3]",
        "signed-matrix|{\"dataframe_records\":[{\"a\":1,\"b\":[2],\"c\":3}]}|row 0: 'b' has shape [1], the values before it []"
      })
  void whatDoesNotFitIsSaid(String model, String body, String expected) {
    Gateway.Answer answer = score(model, body, "application/json");
    assertThat(answer.json().get("message").asText()).contains(expected);
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void aTableWithoutRowsStillHasTheModelsColumns() {
    Gateway.Answer answer = score("string-input", "foo,bar\n", "text/csv");
    assertThat(answer.json().get("message").asText()).contains("missing input");
    assertThat(answer.status()).isEqualTo(400);
  }
}
