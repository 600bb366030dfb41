package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureBesideLiveTest {

  @ParameterizedTest
  @CsvSource({
    "1.0, GREEN",
    "1.27, GREEN",
    "1.28, WARNING",
    "1.5, WARNING",
    "1.72, WARNING",
    "1.73, RED",
    "9.0, RED"
  })
  void withinTheBandAroundTheLimitNobodyIsJudged(double ratio, Verdict verdict) {
    assertThat(figure(ratio, true).verdict()).isEqualTo(verdict);
  }

  @Test
  void aFigureThatStandsByItsLimitSaysSo() {
    assertThat(figure(1.5, true).told())
        .isEqualTo("p50 is 1.50 times live's, about the limit of 1.5 times");
    assertThat(figure(9, true).told()).isEqualTo("p50 is 9.00 times live's, more than 1.5 times");
  }

  @Test
  void aDifferenceThatNobodyNoticesIsNoneWhateverItsRatio() {
    assertThat(figure(9, false).verdict()).isEqualTo(Verdict.GREEN);
  }

  private static FigureBesideLive figure(double ratio, boolean seen) {
    return new FigureBesideLive("ratio", "p50 is", ratio, 1.5, seen);
  }
}
