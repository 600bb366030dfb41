package dev.slipway.common.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "\t",
        "/",
        "a/b",
        "../x",
        "models:/x",
        "a:b",
        ".",
        "..",
        "a\nb",
        "a\0",
        "a\u007f",
        "lone \ud83e"
      })
  void nameThatIsNoPathSegmentIsRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ModelName(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"iris", "my model", "東京", "🦊", "...", "a.b-c_d", "a%2Fb", "\\", "?", "#"})
  void ordinaryNameIsAccepted(String name) {
    assertThat(new ModelName(name)).hasToString(name);
  }

  @Test
  void lengthIsCountedInCharactersAsPeopleSeeThem() {
    assertThat(new ModelName("🦊".repeat(256)).value()).hasSize(512);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelName("🦊".repeat(257)))
        .withMessageContaining("257");
    assertThatIllegalArgumentException().isThrownBy(() -> new ModelName("a".repeat(300)));
  }
}
