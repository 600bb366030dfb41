package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which error code MLflow's scoring server has for a request that it answers with 400 too (3.17). */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class MlflowErrorCodesTest {
  private static void assertCode(String code, String model, String body, String type) {
    Gateway.Answer answer =
        Gateway.post("/models/" + model + "/invocations", body, "Content-Type", type);
    assertThat(answer.json().path("error_code").asText())
        .as(answer.json().toString())
        .isEqualTo(code);
    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-flags|{\"dataframe_split\":{\"columns\":[\"a\",\"a\",\"b\"],\"data\":[[1,2,3]]}}",
        "signed-flags|{\"dataframe_split\":{\"columns\":[\"a\"],\"data\":[1,2]}}",
        "signed-flags|{\"dataframe_records\":[[1,2,true]]}",
        "signed-flags|{\"dataframe_records\":[null]}",
        "signed-flags|{\"inputs\":{\"a\":[1,2],\"b\":[1],\"flag\":[true,true]}}",
        "signed-flags|{\"inputs\":[[1,2]]}",
        "signed-flags|{\"inputs\":[[[1,2,3]]]}",
        "signed-flags|{\"inputs\":null}",
        "signed-flags|{\"instances\":[1,2,3]}",
        "signed-unnamed|{\"inputs\":[[1,2]]}",
        "signed-unnamed|{\"inputs\":1.5}",
        "signed-unnamed|{\"dataframe_split\":{\"data\":[[1,2]]}}",
        "signed-matrix|{\"inputs\":[[1,2,3,9]]}",
        "signed-matrix|{\"inputs\":1.5}",
        "signed-matrix|{\"instances\":[{\"a\":1,\"b\":2,\"c\":3}]}",
        "signed-named-tensor|{\"inputs\":{\"blah\":[[1,2,3]]}}",
        "signed-named-tensor|{\"inputs\":null}",
        "signed-tensors|{\"inputs\":{\"a\":[1]}}",
        "signed-tensors|{\"inputs\":{\"a\":[1],\"b\":[[1],[2]]}}",
        "signed-tensors|{\"inputs\":[1,2]}",
        "signed-tensors|{\"dataframe_records\":[{\"a\":1}]}"
      })
  void whatDoesNotFitTheSignatureIsAnInvalidParameter(String model, String body) {
    assertCode("INVALID_PARAMETER_VALUE", model, body, "application/json");
  }

  /** The body's form comes before its data, the conversion to the signature's types before its shapes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "signed-flags|{\"dataframe_records\":[],\"dataframe_split\":{\"data\":[]}}",
        "signed-flags|{\"dataframe_records\":[{}],",
        "signed-flags|{\"dataframe_records\":{\"a\":[1]}}",
        "signed-flags|{\"inputs\":{\"a\":[\"x\"],\"b\":[1],\"flag\":[true]}}",
        "signed-unnamed|{\"inputs\":{\"a\":[1],\"b\":[1],\"c\":[1]}}",
        "signed-unnamed|{\"inputs\":null}",
        "signed-matrix|{\"inputs\":{\"a\":[[1,2,3]]}}",
        "signed-matrix|{\"inputs\":[[1,2],[3]]}",
        "iris-logreg|{\"inputs\":[[1,2]]}",
        "iris-logreg|{\"inputs\":{\"z\":[[1,2,3,4]]}}"
      })
  void allElseIsABadRequest(String model, String body) {
    assertCode("BAD_REQUEST", model, body, "application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "signed-unnamed,INVALID_PARAMETER_VALUE",
    "signed-matrix,BAD_REQUEST",
    "iris-logreg,BAD_REQUEST"
  })
  void csvOfAnotherWidthToo(String model, String code) {
    assertCode(code, model, "a,b\n1,2\n", "text/csv");
  }

  /** The parameters are looked at after the data, which is not there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{\"params\":5}", "{\"params\":{\"limit\":\"x\"},\"dataframe_split\":{\"data\":[]}"})
  void aBodyOfNoFormIsABadRequestWhateverItsParameters(String body) {
    assertCode("BAD_REQUEST", FixtureServables.TYPED_COLUMNS, body, "application/json");
  }
}
