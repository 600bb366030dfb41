package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratedInputsTest {

  @Test
  void freeDimensionsAreOneAndOptionalInputsAreLeftOut() {
    var signature = new ModelSignature(
        List.of(
            new TensorSpec("x", DataType.FP32, Shape.of(-1, 3)),
            new TensorSpec("hint", DataType.FP32, Shape.of(1), true)),
        List.of());

    List<Tensor> tensors = GeneratedInputs.of(signature).orElseThrow();

    assertThat(tensors).hasSize(1);
    assertThat(tensors.getFirst().shape()).isEqualTo(Shape.of(1, 3));
    assertThat(tensors.getFirst().data().isDirect()).isTrue();
    assertThat(tensors.getFirst().data().getFloat(8)).isEqualTo(1f);
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void everyDatatypeHasAOne(DataType datatype) {
    Tensor tensor =
        GeneratedInputs.of(signature(datatype, Shape.of(2))).orElseThrow().getFirst();

    int size = datatype.isFixedSize() ? datatype.elementSize() : 5;
    assertThat(tensor.data().remaining()).isEqualTo(2 * size);
  }

  @Test
  void numbersAreOnes() {
    assertThat(one(DataType.FP64).getDouble(0)).isEqualTo(1.0);
    assertThat(one(DataType.INT64).getLong(0)).isEqualTo(1L);
    assertThat(Float.float16ToFloat(one(DataType.FP16).getShort(0))).isEqualTo(1f);
    assertThat(Float.intBitsToFloat(one(DataType.BF16).getShort(0) << 16)).isEqualTo(1f);
    assertThat(one(DataType.BYTES).getInt(0)).isEqualTo(1);
  }

  @Test
  void inputsTooLargeToMakeAreNotMade() {
    assertThat(GeneratedInputs.of(signature(DataType.FP32, Shape.of(1L << 40)))).isEmpty();
    assertThat(GeneratedInputs.of(signature(DataType.FP32, Shape.of(Long.MAX_VALUE, 3))))
        .isEmpty();
  }

  private static java.nio.ByteBuffer one(DataType datatype) {
    return GeneratedInputs.of(signature(datatype, Shape.of(1)))
        .orElseThrow()
        .getFirst()
        .data();
  }

  private static ModelSignature signature(DataType datatype, Shape shape) {
    return new ModelSignature(List.of(new TensorSpec("x", datatype, shape)), List.of());
  }
}
