package dev.slipway.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.registry.artifact.ArtifactTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The attacks of MLflow's advisories on artifact paths, and their next encodings. */
class TreePathsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../x",
        "a/../b",
        "a/..",
        "%2e%2e/x",
        "%2E%2E%2Fx",
        "a/%2e%2e/b",
        "%252e%252e/x",
        "a%252f..%252fb",
        "%25252e%25252e%25252fx",
        "/etc/passwd",
        "//x",
        "%2fetc/passwd",
        "%252fetc",
        "a\\b",
        "a%5c..%5cb",
        "..\\x",
        "C:/x",
        "c:\\x",
        "C%3A/x",
        "a#b",
        "a%23b",
        "%2523",
        "#/../..",
        "file:///etc/passwd",
        "FILE:x",
        "file%3A///x",
        "a\nb",
        "a\u0000b",
        ".%2e/x",
        "%2e./x",
        "x/%2e%2e%2f%2e%2e%2fy",
      })
  void whatCouldMeanAnotherPlaceIsRefused(String path) {
    assertThatThrownBy(() -> TreePaths.folder(path))
        .isInstanceOf(MlflowException.class)
        .hasMessage("Invalid path");
  }

  @Test
  void plainPathsStayAndEmptySegmentsGo() {
    assertThat(TreePaths.folder(null)).isEmpty();
    assertThat(TreePaths.folder("a//b/./c/")).isEqualTo("a/b/c");
    assertThat(TreePaths.folder("käse & co/100%/a+b...txt")).isEqualTo("käse & co/100%/a+b...txt");
    assertThatThrownBy(() -> TreePaths.file("")).hasMessage("Invalid path");
  }

  @Test
  void onlyTheProxysUrisAreInTheTree() {
    assertThat(ArtifactTree.pathOf("mlflow-artifacts:/1/r/artifacts")).contains("1/r/artifacts");
    assertThat(ArtifactTree.pathOf("mlflow-artifacts://host:5000/1/r/")).contains("1/r");
    assertThat(ArtifactTree.pathOf("http://h/api/2.0/mlflow-artifacts/artifacts/1/r"))
        .contains("1/r");
    assertThat(ArtifactTree.pathOf("s3://bucket/x")).isEmpty();
    assertThat(ArtifactTree.pathOf("/local/x")).isEmpty();
    assertThat(ArtifactTree.pathOf("no uri at all")).isEmpty();
    assertThat(TreePaths.below("mlflow-artifacts:/1/r/artifacts", "a/b"))
        .isEqualTo("1/r/artifacts/a/b");
    assertThatThrownBy(() -> TreePaths.below("mlflow-artifacts:/../x", "a"))
        .hasMessage("Invalid path");
  }
}
