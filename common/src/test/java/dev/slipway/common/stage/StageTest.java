package dev.slipway.common.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.common.json.WireJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StageTest {
  private static final String TABLE = """
      | from \\ to | None | Staging | Production | Archived |
      | --- | --- | --- | --- | --- |
      | None | refused | allowed | refused | allowed |
      | Staging | allowed | refused | allowed | allowed |
      | Production | refused | refused | refused | allowed |
      | Archived | refused | allowed | rollback only | refused |
      """;

  @Test
  void tableOfMovesIsTheDocumentedOne() {
    assertThat(render()).isEqualTo(TABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "None,       None,       REFUSED",
    "None,       Staging,    ALLOWED",
    "None,       Production, REFUSED",
    "None,       Archived,   ALLOWED",
    "Staging,    None,       ALLOWED",
    "Staging,    Staging,    REFUSED",
    "Staging,    Production, ALLOWED",
    "Staging,    Archived,   ALLOWED",
    "Production, None,       REFUSED",
    "Production, Staging,    REFUSED",
    "Production, Production, REFUSED",
    "Production, Archived,   ALLOWED",
    "Archived,   None,       REFUSED",
    "Archived,   Staging,    ALLOWED",
    "Archived,   Production, ROLLBACK_ONLY",
    "Archived,   Archived,   REFUSED"
  })
  void everyPairOfStagesHasItsMove(String from, String to, Stage.Move move) {
    assertThat(Stage.of(from).moveTo(Stage.of(to))).isEqualTo(move);
  }

  @ParameterizedTest
  @EnumSource
  void stageTravelsByItsLabel(Stage stage) throws Exception {
    var json = WireJson.mapper();

    assertThat(json.writeValueAsString(stage)).isEqualTo('"' + stage.label() + '"');
    assertThat(json.readValue('"' + stage.label() + '"', Stage.class)).isEqualTo(stage);
    assertThat(stage).hasToString(stage.label());
  }

  @ParameterizedTest
  @ValueSource(strings = {"production", "PRODUCTION", "Production"})
  void labelIsReadWithoutRegardToCase(String text) {
    assertThat(Stage.of(text)).isEqualTo(Stage.PRODUCTION);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Prod", " Production", "0"})
  void whatIsNoStageIsRefusedNamingTheFour(String text) {
    assertThat(Stage.find(text)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stage.of(text))
        .withMessageContaining("None, Staging, Production, Archived");
  }

  private static String render() {
    var table = new StringBuilder("| from \\ to |");
    for (Stage to : Stage.values()) {
      table.append(' ').append(to).append(" |");
    }
    table.append("\n|").append(" --- |".repeat(1 + Stage.values().length)).append('\n');
    for (Stage from : Stage.values()) {
      table.append("| ").append(from).append(" |");
      for (Stage to : Stage.values()) {
        table.append(' ').append(words(from.moveTo(to))).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static String words(Stage.Move move) {
    return switch (move) {
      case ALLOWED -> "allowed";
      case ROLLBACK_ONLY -> "rollback only";
      case REFUSED -> "refused";
    };
  }
}
