package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV to a model whose columns have types: what pandas reads is taken, and what MLflow refuses is refused. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class CsvScoringTest {
  private static Answer score(String n, String x, String ok) {
    return Gateway.post(
        "/models/typed-columns/invocations",
        "n,x,day,ok,raw\n" + n + "," + x + ",2026-01-02," + ok + ",aGk=\n",
        "Content-Type",
        "text/csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan", "NaN", "NA", "-nan", "<NA>", "null", "None", "", "N/A"})
  void whatPandasReadsAsMissingIsNotANumber(String missing) {
    Answer answer = score("1", missing, "True");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().at("/predictions/0/x2").asText()).isEqualTo("NaN");
  }

  @ParameterizedTest
  @CsvSource({
    "inf,Infinity",
    "Infinity,Infinity",
    "-inf,-Infinity",
    "-Infinity,-Infinity",
    "+1.5e3,1500.0",
    ".5,0.5",
    "5.,5.0",
    "-0,-0.0"
  })
  void numbersAreDecimalOrInfinite(String number, String expected) {
    Answer answer = score("1", number, "True");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().at("/predictions/0/x2").asText()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"+1,1", "1.,1", "1.00,1", "1E3,1000", "10e-1,1", "' 2.0 ',2", "007,7"})
  void anIntegerMayHaveASignAPointOrAnExponent(String written, String expected) {
    Answer answer = score(written, "2.5", "True");
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.json().at("/predictions/0/n2").asText()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "True", "true", "TRUE"})
  void aTruthValueIsAWordOrADigit(String truth) {
    assertThat(score("1", "2.5", truth).json().at("/predictions/0/ok2").asText())
        .isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({
    "1,1f,True,takes a number",
    "1,1d,True,takes a number",
    "1,0x1p3,True,takes a number",
    "1,1_000,True,takes a number",
    "1,1e999,True,out of range",
    "1,2.5,2,takes true or false",
    "1,2.5,,takes true or false",
    "NA,2.5,True,column n. Can not safely convert float64 to int64",
    "1.5,2.5,True,column n. Can not safely convert float64 to int64",
    "1e-1,2.5,True,column n. Can not safely convert float64 to int64",
    "1e19,2.5,True,column n. Can not safely convert float64 to int64",
    "1e99999999999,2.5,True,column n. Can not safely convert float64 to int64",
    "inf,2.5,True,column n. Can not safely convert float64 to int64",
    "1_0,2.5,True,column n. Can not safely convert float64 to int64",
    "0x10,2.5,True,column n. Can not safely convert float64 to int64"
  })
  void whatMlflowRefusesIsRefused(String n, String x, String ok, String message) {
    Answer answer = score(n, x, ok);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("message").asText()).contains(message);
  }

  /** The friendly endpoint's values are complete. */
  @ParameterizedTest
  @CsvSource({"nan,200", "inf,200", "NA,400", "1f,400"})
  void theFriendlyEndpointTakesNumbersAndNothingMissing(String number, int status) {
    Answer answer = Gateway.post(
        "/models/not-finite/predict", "X\n" + number + "\n2\n", "Content-Type", "text/csv");
    assertThat(answer.status()).isEqualTo(status);
  }
}
