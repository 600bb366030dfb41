package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.common.report.OutputSketch;
import dev.slipway.common.report.ReplicaReport.CallerCount;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerComparisonTest {

  @Test
  void equalAnswersAgreeAndRoundingIsNoDifference() {
    var difference = AnswerDifference.between(
        List.of(floats("p", 0.25f, 0.75f)), List.of(floats("p", 0.250001f, 0.75f)));
    assertThat(difference.disagrees()).isFalse();
  }

  @Test
  void permutedOutputsDisagreeAndTheDistanceSaysByHowMuch() {
    var difference = AnswerDifference.between(
        List.of(floats("p", 0.9f, 0.1f)), List.of(floats("p", 0.1f, 0.9f)));
    assertThat(difference.disagrees()).isTrue();
    assertThat(difference.distance()).isEqualTo(0.8, within(1e-6));
  }

  @Test
  void aMissingOutputAndAnInfinityAreDisagreements() {
    List<Tensor> live = List.of(floats("p", 1, 2));
    assertThat(AnswerDifference.between(live, List.of()).disagrees()).isTrue();
    assertThat(AnswerDifference.between(live, List.of(floats("p", 1, Float.NaN))))
        .isEqualTo(new AnswerDifference(true, 0.5));
  }

  @Test
  void columnsOfANarrowOutputAreCountedApartSoThatPermutedOnesShow() {
    var straight = new OutputCounts();
    var permuted = new OutputCounts();
    for (int i = 0; i < 100; i++) {
      straight.add(List.of(floats("p", 0.9f, 0.1f)));
      permuted.add(List.of(floats("p", 0.1f, 0.9f)));
    }
    OutputSketch first = straight.read().get("p[0]");
    assertThat(first.count()).isEqualTo(100);
    assertThat(first.distance(permuted.read().get("p[0]"))).isEqualTo(1.0);
    assertThat(first.distance(permuted.read().get("p[1]"))).isZero();
  }

  @Test
  void theListOfCallersIsBoundedAndLosesNoRequest() {
    var callers = new CallerCounts();
    for (int i = 0; i < 100; i++) {
      callers.count("caller-" + i, i % 2 == 0);
    }
    callers.count(null, true);
    assertThat(callers.read()).hasSizeLessThanOrEqualTo(CallerCounts.MAX_CALLERS + 1);
    assertThat(callers.read().values().stream().reduce(CallerCount::plus).orElseThrow())
        .isEqualTo(new CallerCount(101, 51));
  }

  private static Tensor floats(String name, float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    return new Tensor(name, DataType.FP32, Shape.of(1, values.length), data.flip());
  }
}
