package dev.slipway.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "Ab-5_",
        "a/b/c",
        "a.b.c",
        ".a",
        "b.",
        "a..a/._./o_O/.e.",
        "a b/c d",
        "käse",
        "a:b"
      })
  void namesMayLookLikeFiles(String name) {
    assertThatCode(() -> TrackingRules.metric(new Metric(name, 1, 1, 1), ""))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "/", "..", "//", "a//b", "a/./b", "/a", "a/", ":(", "../a", "a/../..", "a\\b",
        "a#b", "a\nb"
      })
  void namesThatAreNoPlainRelativePathAreRefused(String name) {
    assertThatThrownBy(() -> TrackingRules.metric(new Metric(name, 1, 1, 1), ""))
        .hasMessageMatching("(?s)(Invalid|Missing) value .*");
  }

  @Test
  void keysHaveALimitAndValuesAreCut() {
    assertThatThrownBy(() -> TrackingRules.param(new KeyValue("k".repeat(251), "v"), ""))
        .hasMessage("'Param key' exceeds the maximum length of 250 characters");
    assertThat(TrackingRules.param(new KeyValue("k".repeat(250), "\uD83D\uDE00".repeat(6001)), "")
            .value())
        .isEqualTo("\uD83D\uDE00".repeat(6000));
    assertThat(TrackingRules.tag(new KeyValue("k", "v".repeat(9000)), "").value())
        .hasSize(8000);
  }

  @Test
  void batchesHaveLimits() {
    assertThatCode(() -> TrackingRules.batchSizes(900, 50, 50)).doesNotThrowAnyException();
    assertThatThrownBy(() -> TrackingRules.batchSizes(1001, 0, 0))
        .hasMessageContaining("at most 1000 metrics");
    assertThatThrownBy(() -> TrackingRules.batchSizes(0, 101, 0))
        .hasMessageContaining("at most 100 params");
    assertThatThrownBy(() -> TrackingRules.batchSizes(950, 50, 50))
        .hasMessageContaining("at most 1000 metrics, params, and tags");
    assertThatThrownBy(() ->
            TrackingRules.distinctKeys(List.of(new KeyValue("a", "1"), new KeyValue("a", "1"))))
        .hasMessageContaining("Duplicate parameter keys");
  }

  @Test
  void infinitiesAreKeptAsTheLargestNumbers() {
    assertThat(new Metric("k", Double.POSITIVE_INFINITY, 0, 0).storedValue())
        .isEqualTo(Double.MAX_VALUE);
    assertThat(new Metric("k", Double.NEGATIVE_INFINITY, 0, 0).storedValue())
        .isEqualTo(-Double.MAX_VALUE);
    assertThat(new Metric("k", Double.NaN, 0, 0).storedValue()).isZero();
  }

  @Test
  void locationsKeepTheirQuery() {
    assertThat(ArtifactUri.ofRun("s3://b/x?region=y", "r"))
        .isEqualTo("s3://b/x/r/artifacts?region=y");
    assertThat(ArtifactUri.ofRun(ArtifactUri.ofExperiment(3), "r"))
        .isEqualTo("mlflow-artifacts:/3/r/artifacts");
  }
}
