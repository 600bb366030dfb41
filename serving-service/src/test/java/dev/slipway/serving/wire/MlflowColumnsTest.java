package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model logged with named columns is asked by them, whatever their order; its one input is a matrix without names. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class MlflowColumnsTest {
  private static final String PATH = "/models/" + FixtureServables.NAMED_COLUMNS + "/invocations";
  private static final String BY_POSITION =
      "{\"dataframe_split\":{\"data\":[[5.1,3.5,1.4,0.2],[6,3,5,2]]}}";

  private static String score(String body) {
    Gateway.Answer answer = Gateway.post(PATH, body, "Content-Type", "application/json");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    return answer.json().get("predictions").toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"dataframe_split\":{\"columns\":[\"petal width\",\"sepal width\",\"sepal length\",\"petal length\"],"
            + "\"data\":[[0.2,3.5,5.1,1.4],[2,3,6,5]]}}",
        "{\"dataframe_split\":{\"columns\":[\"row\",\"petal width\",\"sepal width\",\"sepal length\",\"petal length\"],"
            + "\"data\":[[1,0.2,3.5,5.1,1.4],[2,2,3,6,5]]}}",
        "{\"dataframe_records\":[{\"petal width\":0.2,\"sepal length\":5.1,\"sepal width\":3.5,\"petal length\":1.4},"
            + "{\"petal width\":2,\"sepal length\":6,\"sepal width\":3,\"petal length\":5}]}"
      })
  void namesCountWhateverTheirOrder(String body) {
    assertThat(score(body)).isEqualTo(score(BY_POSITION));
  }

  @Test
  void csvToo() {
    Gateway.Answer answer = Gateway.post(
        PATH,
        "petal width,sepal width,petal length,sepal length\n0.2,3.5,1.4,5.1\n2,3,5,6\n",
        "Content-Type",
        "text/csv");
    assertThat(answer.json().get("predictions").toString()).isEqualTo(score(BY_POSITION));
  }

  @Test
  void missingColumnsAreNamedInMlflowsOwnError() {
    Gateway.Answer answer = Gateway.post(
        PATH,
        "{\"dataframe_split\":{\"columns\":[\"sepal length\",\"sepal width\",\"petal length\",\"petal\"],"
            + "\"data\":[[5.1,3.5,1.4,0.2]]}}",
        "Content-Type",
        "application/json");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(answer.json().get("message").asText())
        .isEqualTo("Failed to enforce schema. Error: Model is missing inputs ['petal width']."
            + " Note that there were extra inputs: ['petal'].");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"dataframe_records\":[{\"petal length\":1.4,\"petal width\":0.2,\"sepal length\":5.1,\"sepal width\":3.5},"
            + "{\"sepal length\":6,\"sepal width\":3,\"petal length\":5,\"petal width\":2,\"id\":\"x\"}]}",
        "{\"instances\":[{\"petal length\":1.4,\"petal width\":0.2,\"sepal length\":5.1,\"sepal width\":3.5},"
            + "{\"sepal length\":6,\"sepal width\":3,\"petal length\":5,\"petal width\":2}]}",
      })
  void everyRowMayHaveAnOrderOfItsOwn(String body) {
    assertThat(score(body)).isEqualTo(score(BY_POSITION));
  }

  /** The signature: n long, x double, day datetime, ok boolean, raw binary optional; the inputs are of those types. */
  private static Gateway.Answer typed(String body) {
    return Gateway.post(
        "/models/" + FixtureServables.TYPED_COLUMNS + "/invocations",
        body,
        "Content-Type",
        "application/json");
  }

  @Test
  void safeCastsAreMade() {
    Gateway.Answer answer =
        typed("{\"dataframe_split\":{\"columns\":[\"day\",\"n\",\"x\",\"ok\",\"raw\"],\"data\":["
            + "[\"2024-01-02T03:04:05.678901234\",9007199254740993,1,true,\"aGk=\"],"
            + "[\"1970-01-02\",-1,null,false,\"\"]]}}");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().get("predictions").toString())
        .isEqualTo(
            "[{\"n2\":9007199254740993,\"x2\":1.0,\"day2\":1704164645678901234,\"ok2\":true,\"raw2\":\"hi\"},"
                + "{\"n2\":-1,\"x2\":\"NaN\",\"day2\":86400000000000,\"ok2\":false,\"raw2\":\"\"}]");
  }

  /** As pandas writes the integers of a column that once had a gap. */
  @ParameterizedTest
  @CsvSource({
    "1.0,1",
    "-3.0,-3",
    "-0.0,0",
    "1.5e3,1500",
    "1200e-2,12",
    "0e99,0",
    "9007199254740993.0,9007199254740993",
    "9223372036854775807.0,9223372036854775807",
    "-9.223372036854775808e18,-9223372036854775808",
    "10000000000000000000000000e-20,100000"
  })
  void aWholeNumberIsAnIntegerHoweverItIsWritten(String written, String expected) {
    String rest = "\"x\":[1],\"day\":[0],\"ok\":[true],\"raw\":[\"\"]}";
    for (String body : List.of(
        "{\"dataframe_split\":{\"columns\":[\"n\",\"x\",\"day\",\"ok\",\"raw\"],\"data\":[["
            + written + ",1,0,true,\"\"]]}}",
        "{\"inputs\":{\"n\":[" + written + "]," + rest + "}")) {
      Gateway.Answer answer = typed(body);
      assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
      assertThat(answer.json().at("/predictions/0/n2").asText()).isEqualTo(expected);
    }
    Gateway.Answer csv = Gateway.post(
        "/models/" + FixtureServables.TYPED_COLUMNS + "/invocations",
        "n,x,day,ok,raw\n" + written + ",1,2024-01-02,true,\n",
        "Content-Type",
        "text/csv");
    assertThat(csv.json().at("/predictions/0/n2").asText())
        .as(csv.json().toString())
        .isEqualTo(expected);
  }

  /** Bytes are base64 in a frame; in columns by name MLflow takes their text. */
  @Test
  void columnsByNameHaveBytesAsText() {
    Gateway.Answer answer = typed(
        "{\"inputs\":{\"raw\":[\"aGk=\"],\"n\":[1],\"x\":[2.5],\"day\":[86400000000000],\"ok\":[true]}}");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().get("predictions").toString())
        .isEqualTo(
            "[{\"n2\":1,\"x2\":2.5,\"day2\":86400000000000,\"ok2\":true,\"raw2\":\"aGk=\"}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"n\":1.5|Incompatible input types for column n. Can not safely convert float64 to int64.",
        "\"n\":1e19|Incompatible input types for column n. Can not safely convert float64 to int64.",
        "\"n\":1e-400|Incompatible input types for column n. Can not safely convert float64 to int64.",
        "\"n\":NaN|Incompatible input types for column n. Can not safely convert float64 to int64.",
        "\"n\":null|Can not safely convert float64 to int64. Hint: the type mismatch is likely caused by missing values.",
        "\"n\":\"7\"|Incompatible input types for column n. Can not safely convert str to int64.",
        "\"n\":true|Incompatible input types for column n. Can not safely convert bool to int64.",
        "\"x\":\"1.5\"|Incompatible input types for column x. Can not safely convert str to float64.",
        "\"x\":true|Incompatible input types for column x. Can not safely convert bool to float64.",
        "\"ok\":1|Incompatible input types for column ok. Can not safely convert int64 to bool.",
        "\"ok\":\"true\"|Incompatible input types for column ok. Can not safely convert str to bool.",
        "\"raw\":5|Incompatible input types for column raw. Can not safely convert int64 to |S0.",
        "\"day\":1.5|Incompatible input types for column day. Can not safely convert float64 to datetime64[ns].",
        "\"day\":\"nonsense\"|Unknown datetime string format, unable to parse: nonsense",
        "\"day\":\"2500-01-01\"|Out of bounds nanosecond timestamp: 2500-01-01",
        "\"day\":\"2024-01-02T03:04:05+02:00\"|only contains timezone-naive datetime objects",
        "\"n\":1,\"n\":2|'n' stands twice in row 0"
      })
  void unsafeOnesAreRefusedInMlflowsWords(String field, String message) {
    StringBuilder row = new StringBuilder(field);
    for (String other :
        new String[] {"\"n\":1", "\"x\":1", "\"day\":\"2024-01-02\"", "\"ok\":true", "\"raw\":\"\""
        }) {
      if (!field.startsWith(other.substring(0, other.indexOf(':')))) {
        row.append(',').append(other);
      }
    }
    Gateway.Answer answer = typed("{\"dataframe_records\":[{" + row + "}]}");
    assertThat(answer.json().get("message").asText()).contains(message);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("BAD_REQUEST");
  }

  @Test
  void aColumnThatOneRowLacksIsAMissingValue() {
    String rest = "\"day\":\"2024-01-02\",\"ok\":true,\"raw\":\"\"}";
    assertThat(
            typed("{\"dataframe_records\":[{\"n\":1,\"x\":2.5," + rest + ",{\"n\":1," + rest + "]}")
                .json()
                .at("/predictions/1/x2")
                .asText())
        .isEqualTo("NaN");
    assertThat(
            typed("{\"dataframe_records\":[{\"n\":1,\"x\":2.5," + rest + ",{\"x\":1," + rest + "]}")
                .json()
                .get("message")
                .asText())
        .contains("column n. Can not safely convert float64 to int64. Hint:");
  }

  @Test
  void csvFollowsTheSameRules() {
    Gateway.Answer good = Gateway.post(
        "/models/" + FixtureServables.TYPED_COLUMNS + "/invocations",
        "extra,raw,ok,day,x,n\n?,hi,true,2024-01-02 03:04:05,,7\n",
        "Content-Type",
        "text/csv");
    assertThat(good.json().at("/predictions/0/n2").asInt())
        .as(good.json().toString())
        .isEqualTo(7);
    assertThat(good.json().at("/predictions/0/x2").asText()).isEqualTo("NaN");
    Gateway.Answer bad = Gateway.post(
        "/models/" + FixtureServables.TYPED_COLUMNS + "/invocations",
        "raw,ok,day,x,n\nhi,true,2024-01-02,1,7.5\n",
        "Content-Type",
        "text/csv");
    assertThat(bad.json().get("message").asText()).contains("convert float64 to int64");
  }
}
