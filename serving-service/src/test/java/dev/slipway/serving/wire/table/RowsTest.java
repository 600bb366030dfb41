package dev.slipway.serving.wire.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.ClassScores;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which outputs have a value for each row, by what the signature says of their first dimensions. */
class RowsTest {
  private static TensorSpec spec(String name, long... shape) {
    return new TensorSpec(name, DataType.FP32, Shape.of(shape));
  }

  private static Tensor tensor(String name, long... shape) {
    return new Tensor(name, DataType.FP32, Shape.of(shape), ByteBuffer.allocateDirect(0));
  }

  private static Rows rows(long count, TensorSpec input, TensorSpec... outputs) {
    var signature = new ModelSignature(List.of(input), List.of(outputs));
    return Rows.of(signature, List.of(), List.of(tensor(input.name(), count, 4)));
  }

  @Test
  void aFixedFirstDimensionIsNotTheRowsWhenTheyAreFree() {
    Rows rows = rows(2, spec("X", -1, 4), spec("scores", -1, 2), spec("classes", 2));
    assertThat(rows.isIn(tensor("scores", 2, 2))).isTrue();
    assertThat(rows.isIn(tensor("classes", 2))).isFalse();
  }

  /** An .ort file has nothing of its classes; and a declared 1 is not believed elsewhere. */
  @ParameterizedTest
  @ValueSource(longs = {-1, 1, 2})
  void labelsOfClassesAreNotTheRowsWhateverTheSignatureSays(long declared) {
    long classes = Math.max(2, declared);
    var signature = new ModelSignature(
        List.of(spec("X", -1, 4)), List.of(spec("scores", -1, -1), spec("classes", declared)));
    Rows rows = Rows.of(
        signature, List.of(new ClassScores("scores", "classes")), List.of(tensor("X", classes, 4)));
    assertThat(rows.isIn(tensor("scores", classes, classes))).isTrue();
    assertThat(rows.isIn(tensor("classes", classes))).isFalse();
  }

  @Test
  void itIsTheRowsWhenTheRequestsAreFixedToo() {
    Rows rows = rows(2, spec("X", 2, 4), spec("label", 2), spec("other", -1));
    assertThat(rows.isIn(tensor("label", 2))).isTrue();
    assertThat(rows.isIn(tensor("other", 3))).isFalse();
  }

  /** An exporter that left no output free wrote down the rows that it ran; what comes has as many as were sent. */
  @Test
  void shapesThatAnExporterLeftBehindAreNotBelieved() {
    Rows traced = rows(2, spec("X", -1, 4), spec("label", 2), spec("scores", 2, 3));
    assertThat(traced.isIn(tensor("label", 2))).isTrue();
    assertThat(traced.isIn(tensor("scores", 2, 3))).isTrue();
    Rows one = rows(1, spec("X", -1, 4), spec("label", 1), spec("scores", -1, 3));
    assertThat(one.isIn(tensor("label", 1))).isTrue();
  }

  @Test
  void aScalarHasNoRowsAndScalarsAreOne() {
    assertThat(rows(1, spec("X", -1, 4), spec("Y")).isIn(tensor("Y"))).isFalse();
    var signature = new ModelSignature(List.of(spec("S")), List.of(spec("Y", 1)));
    Rows rows = Rows.of(signature, List.of(), List.of(tensor("S")));
    assertThat(rows.count()).isEqualTo(1);
    assertThat(rows.isIn(tensor("Y", 1))).isTrue();
  }
}
