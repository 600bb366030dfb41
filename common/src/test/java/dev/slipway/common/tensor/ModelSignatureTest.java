package dev.slipway.common.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelSignatureTest {
  private static final TensorSpec X = new TensorSpec("X", DataType.FP32, Shape.of(-1, 4));

  @Test
  void nameThatStandsTwiceIsRefusedOnEitherSide() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSignature(List.of(X, X), List.of()))
        .withMessageContaining("input 'X'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSignature(List.of(), List.of(X, X)))
        .withMessageContaining("output 'X'");
  }

  @Test
  void inputAndOutputMayShareAName() {
    var signature = new ModelSignature(List.of(X), List.of(X));

    assertThat(signature.input("X")).contains(X);
    assertThat(signature.output("X")).contains(X);
    assertThat(signature.input("x")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyDatatypeIsFoundByItsProtocolNameOnly(DataType type) {
    assertThat(DataType.find(type.name())).contains(type);
    assertThat(DataType.find(type.name().toLowerCase(java.util.Locale.ROOT))).isEmpty();
  }

  @Test
  void onlyBytesHaveNoFixedSize() {
    for (DataType type : DataType.values()) {
      assertThat(type.isFixedSize()).isEqualTo(type != DataType.BYTES);
    }
    assertThat(DataType.BF16.elementSize()).isEqualTo(2);
    assertThat(DataType.UINT64.isUnsigned()).isTrue();
    assertThat(DataType.BOOL.isUnsigned()).isFalse();
  }
}
