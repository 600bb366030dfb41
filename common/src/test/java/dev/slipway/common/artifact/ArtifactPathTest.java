package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactPathTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        ".",
        "../x",
        "a/..",
        "a/../b",
        "a/./b",
        "./a",
        "a//b",
        "a/",
        "//a",
        "..\\x",
        "a\\b",
        "C:\\x",
        "a\0b",
        "a\nb",
        "a\rb",
        "a\u007fb",
        "a\u0085b",
        "lone \ud83e",
        "\udd8a/x"
      })
  void pathThatCouldLeaveItsFolderOrSplitALineIsRefused(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ArtifactPath(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.onnx",
        "a/b/c.txt",
        "...",
        "..a",
        "a..",
        "a/..b/c",
        ".hidden",
        "with space/and:colon",
        "%2e%2e/x",
        "東京/🦊.bin",
        "~root"
      })
  void ordinaryPathIsAccepted(String path) {
    assertThat(new ArtifactPath(path)).hasToString(path);
  }

  @Test
  void lengthIsBoundedAsAWholeAndBySegment() {
    assertThatCode(() -> new ArtifactPath("a".repeat(255))).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> new ArtifactPath("a".repeat(256)));
    assertThatIllegalArgumentException().isThrownBy(() -> new ArtifactPath("東".repeat(86)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ArtifactPath("abcd/".repeat(204) + "abcde"));
  }

  @Property
  void whatIsAcceptedStaysBelowItsFolder(
      @ForAll @Chars({'.', '/', '\\', 'a', ' ', '\0', '%', '~'}) @StringLength(max = 12)
          String text) {
    ArtifactPath path;
    try {
      path = new ArtifactPath(text);
    } catch (IllegalArgumentException refused) {
      return;
    }
    Path folder = Path.of("/folder");
    try {
      Path resolved = folder.resolve(path.value());
      assertThat(resolved.normalize()).isEqualTo(resolved).isNotEqualTo(folder);
      assertThat(resolved.startsWith(folder)).isTrue();
    } catch (InvalidPathException e) {
      throw new AssertionError("accepted a path that this system has not: " + path, e);
    }
  }
}
