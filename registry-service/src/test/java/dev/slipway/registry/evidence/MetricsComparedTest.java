package dev.slipway.registry.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Finding.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsComparedTest {
  private static final Map<String, Double> LIVE = Map.of("accuracy", 0.9, "loss", 0.2);

  @Test
  void aMetricThatLiveHasAndTheVersionLacksIsNamedForAPersonToJudge() {
    Finding finding = compare(Map.of("loss", 0.1), Map.of());

    assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(finding.summary()).isEqualTo("accuracy is missing");
    assertThat(finding.data().get("metrics").toString())
        .contains("metric=accuracy, better=higher, live=0.9, result=missing");
  }

  @Test
  void aMetricThatIsNoNumberIsNamed() {
    assertThat(compare(Map.of("accuracy", Double.NaN, "loss", 0.1), Map.of()))
        .returns(Verdict.WARNING, Finding::verdict)
        .returns("accuracy is no number", Finding::summary);
  }

  @Test
  void aMetricThatThePolicyNamesHasToBeThere() {
    Map<String, Double> limits = Map.of("accuracy", 0.01);

    assertThat(compare(Map.of("loss", 0.1), limits).verdict()).isEqualTo(Verdict.RED);
    assertThat(compare(Map.of("accuracy", Double.NaN, "loss", 0.1), limits).verdict())
        .isEqualTo(Verdict.RED);
    assertThat(compare(Map.of("accuracy", 0.895, "loss", 0.1), limits).verdict())
        .isEqualTo(Verdict.GREEN);
    assertThat(compare(Map.of("accuracy", 0.9, "loss", 0.1), Map.of("f1", 0.01)).summary())
        .isEqualTo("f1 is missing");
  }

  @Test
  void aNamedMetricThatCannotBeComparedIsAWarning() {
    Map<String, Double> own = Map.of("accuracy", 0.9, "loss", 0.1, "f1", 0.8, "speed", 3.0);

    assertThat(compare(own, Map.of("f1", 0.01)).summary())
        .isEqualTo("live has no f1 to compare with");
    assertThat(compare(own, Map.of("speed", 1.0)).summary())
        .isEqualTo("the name speed does not tell in which direction it is better");
  }

  @Test
  void whatNobodyJudgesMayBeMissing() {
    Map<String, Double> live = Map.of("accuracy", 0.9, "epoch_count", 12.0, "auc", Double.NaN);

    Finding finding =
        MetricsCompared.of(Map.of("accuracy", 0.9), live, Map.of()).finding(List.of());

    assertThat(finding.verdict()).as(finding.summary()).isEqualTo(Verdict.GREEN);
  }

  @Test
  void figuresOfOtherDataAreForAPersonToJudge() {
    Finding finding =
        MetricsCompared.of(Map.of("loss", 0.1), LIVE, Map.of()).finding(List.of("holdout"));

    assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(finding.summary())
        .isEqualTo("measured on other data than live: holdout; accuracy is missing");
  }

  private static Finding compare(Map<String, Double> own, Map<String, Double> limits) {
    return MetricsCompared.of(own, LIVE, limits).finding(List.of());
  }
}
