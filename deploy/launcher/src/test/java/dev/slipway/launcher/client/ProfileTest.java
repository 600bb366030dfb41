package dev.slipway.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
  private static final Profile LOGIN =
      new Profile("https://registry.example", "http://gateway.example:8081", "dora", "s3cret");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://registry.example",
        "https://registry.example/",
        "https://REGISTRY.example:443",
        "http://gateway.example:8081/base"
      })
  void aTokenIsToldWhereTheLoginWasMade(String base) {
    assertThat(LOGIN.at(base)).isEqualTo(LOGIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://registry.example",
        "https://registry.example:8443",
        "https://registry.example.evil.test",
        "https://evil.test/registry.example",
        "https://registry.example@evil.test",
        "http://gateway.example",
        "http://127.0.0.1:8080"
      })
  void aTokenIsToldNowhereElse(String base) {
    assertThat(LOGIN.at(base)).isEqualTo(new Profile(null, null, "dora", null));
  }

  @Test
  void aTokenThatSaysNotWhereItBelongsIsToldToNobody() {
    assertThat(new Profile(null, null, "dora", "s3cret")
            .at("http://127.0.0.1:8080")
            .token())
        .isNull();
  }

  @Test
  void aTokenProvesNoOtherName() {
    assertThat(LOGIN.as("dora")).isEqualTo(LOGIN);
    assertThat(LOGIN.as(null)).isEqualTo(LOGIN);
    assertThat(LOGIN.as("carol").token()).isNull();
    assertThat(new Profile(LOGIN.registry(), null, null, "s3cret").as("carol").token())
        .isNull();
  }
}
