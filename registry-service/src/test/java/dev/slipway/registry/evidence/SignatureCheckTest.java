package dev.slipway.registry.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureCheckTest {
  private static final TensorSpec X = spec("x", DataType.FP32, -1, 4);
  private static final TensorSpec Y = spec("y", DataType.FP32, -1, 3);

  @Test
  void anAddedOptionalInputAndANewOutputBreakNobody() {
    var more = new TensorSpec("mask", DataType.BOOL, Shape.of(-1), true);

    Finding finding = compare(List.of(X, more), List.of(Y, spec("z", DataType.INT64, -1)));

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(finding.summary()).contains("input mask is new and optional", "output z is new");
  }

  @Test
  void eachBreakIsNamed() {
    Finding finding =
        compare(List.of(spec("x", DataType.FP64, -1, 4), spec("w", DataType.FP32, 1)), List.of());

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.RED);
    assertThat(finding.data().get("breaking"))
        .isEqualTo(List.of(
            "input x is FP64 instead of FP32", "input w is new and needed", "output y is gone"));
  }

  @Test
  void aRemovedInputBreaks() {
    assertThat(compare(List.of(), List.of(Y)).summary()).isEqualTo("input x is gone");
  }

  @Test
  void anInputThatTakesLessBreaksAndOneThatTakesMoreDoesNot() {
    assertThat(compare(List.of(spec("x", DataType.FP32, 1, 4)), List.of(Y)).summary())
        .contains("input x takes [1, 4] instead of [-1, 4]");
    assertThat(compare(List.of(spec("x", DataType.FP32, -1, -1)), List.of(Y)).verdict())
        .isEqualTo(Finding.Verdict.GREEN);
  }

  @Test
  void anOutputOfAnotherShapeBreaksAndANarrowerOneDoesNot() {
    assertThat(compare(List.of(X), List.of(spec("y", DataType.FP32, -1, 5))).summary())
        .contains("output y has the shape [-1, 5] instead of [-1, 3]");
    assertThat(compare(List.of(X), List.of(spec("y", DataType.FP32, 1, 3))).verdict())
        .isEqualTo(Finding.Verdict.GREEN);
  }

  private static Finding compare(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    return SignatureCheck.compare(
        new ModelSignature(List.of(X), List.of(Y)), new ModelSignature(inputs, outputs));
  }

  private static TensorSpec spec(String name, DataType type, long... shape) {
    return new TensorSpec(name, type, Shape.of(shape));
  }
}
