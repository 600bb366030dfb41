package dev.slipway.registry.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUriTest {
  static Stream<Arguments> sources() {
    return Stream.of(
        Arguments.of("runs:/r1/a/b", new SourceUri.RunArtifact("r1", "a/b")),
        Arguments.of("runs:/r1", new SourceUri.RunArtifact("r1", "")),
        Arguments.of(
            "mlflow-artifacts:/0/r/artifacts/m/", new SourceUri.ProxyArtifact("0/r/artifacts/m")),
        Arguments.of("mlflow-artifacts://host:5000/0//r", new SourceUri.ProxyArtifact("0/r")),
        Arguments.of(
            "http://host/api/2.0/mlflow-artifacts/artifacts/0/r",
            new SourceUri.ProxyArtifact("0/r")),
        Arguments.of("models:/m-1f", new SourceUri.LoggedModelUri("m-1f")),
        Arguments.of("models:/m-1f/2", new SourceUri.RegisteredVersion("m-1f", 2, null, null)),
        Arguments.of("models:/iris/12", new SourceUri.RegisteredVersion("iris", 12, null, null)),
        Arguments.of(
            "models:/a%20b/Staging", new SourceUri.RegisteredVersion("a b", null, null, "Staging")),
        Arguments.of(
            "models:/iris@champion",
            new SourceUri.RegisteredVersion("iris", null, "champion", null)),
        Arguments.of("s3://b/k", new SourceUri.Elsewhere("s3://b/k")),
        Arguments.of("models:/", new SourceUri.Elsewhere("models:/")));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void sourcesAreReadAsMlflowReadsThem(String uri, SourceUri expected) {
    assertThat(SourceUri.parse(uri)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://a/../b",
        "s3://a/..%2fb",
        "http://h/%252e%252e/x",
        "dbfs:/a\\..\\b",
        "http://h/x%00",
        "s3://a?p=.."
      })
  void pathTricksAreSeenThroughAnyEncoding(String uri) {
    assertThat(SourceUri.isRelative(uri)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://a..b/c", "runs:/r/a...b", "s3://a/%zz"})
  void dotsInNamesAreNoTricks(String uri) {
    assertThat(SourceUri.isRelative(uri)).isFalse();
  }
}
