package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void digestIsSha256InTheWrittenForm() {
    Digest digest = Digest.of("abc".getBytes(StandardCharsets.UTF_8));

    assertThat(digest).hasToString("sha256:" + ABC);
    assertThat(digest.hex()).isEqualTo(ABC);
    assertThat(digest.shortHex()).isEqualTo("ba7816bf8f01");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        ABC,
        "sha256:",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha512:" + ABC,
        "sha256:" + ABC + "0",
        "sha256:" + ABC + "\n",
        "sha256:../../../../../../../../../../../../../../../../../../../../../"
      })
  void anyOtherFormIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Digest(text));
  }
}
