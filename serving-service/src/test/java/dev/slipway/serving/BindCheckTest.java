package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindCheckTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
  void loopbackIsFine(String host) {
    assertThatCode(() -> new BindCheck(host, false).check(null)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anotherBindIsRefusedUnlessSaidToBeInsecure(String host) {
    assertThatThrownBy(() -> new BindCheck(host, false).check(null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("slipway.insecure=true");
    assertThatCode(() -> new BindCheck(host, true).check(null)).doesNotThrowAnyException();
  }
}
