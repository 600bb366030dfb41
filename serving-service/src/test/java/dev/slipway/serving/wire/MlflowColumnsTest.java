package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
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
    assertThat(answer.json().get("error_code").asText()).isEqualTo("BAD_REQUEST");
    assertThat(answer.json().get("message").asText()).contains("missing the columns [petal width]");
  }
}
