package dev.slipway.common.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.common.tensor.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FixtureModelsTest {

  @ParameterizedTest
  @MethodSource("dev.slipway.common.testing.FixtureModels#names()")
  void everyFixtureHasItsFileAndWholeInputs(String name) {
    FixtureModel model = FixtureModels.get(name);

    assertThat(model.content()).isNotEmpty().hasSizeLessThan(300_000);
    assertThat(model.inputSignature().inputs()).isNotEmpty();
    assertThat(model.cases()).isNotEmpty();
    for (FixtureModel.Case one : model.cases()) {
      assertThat(one.outputs()).hasSameSizeAs(model.outputs());
      for (GoldenTensor input : one.inputs()) {
        assertThat(model
                .inputSignature()
                .input(input.name())
                .orElseThrow()
                .shape()
                .accepts(input.shape()))
            .isTrue();
        if (input.datatype() != DataType.BYTES) {
          assertThat(model.raw(input))
              .hasSize((int) input.shape().elementCount().orElseThrow()
                  * input.datatype().elementSize());
        }
      }
    }
  }

  @Test
  void rawFormKeepsExtremes() {
    assertThat(rawOf("identity-uint64"))
        .isEqualTo("0000000000000000ffffffffffffffff00000000000000000100000000000000");
    assertThat(rawOf("identity-int8")).isEqualTo("807f0001");
    assertThat(rawOf("identity-bool")).isEqualTo("01000101");
    assertThat(rawOf("identity-bytes")).startsWith("00000000" + "05000000" + "706c61696e");
    assertThat(rawOf("identity-fp16")).isEqualTo("662e00beff7b0004");
  }

  @Test
  void fixtureIsCopiedUnderItsOwnName(@TempDir Path folder) throws Exception {
    FixtureModel model = FixtureModels.get("iris-lightgbm");

    assertThat(Files.readAllBytes(model.copyTo(folder.resolve("v1")))).isEqualTo(model.content());
    assertThat(folder.resolve("v1/model.txt")).exists();
    assertThat(FixtureModels.copyBroken("corrupt.onnx", folder)).hasFileName("model.onnx");
  }

  @Test
  void fixtureThatIsNotThereIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixtureModels.get("nothing"))
        .withMessageContaining("nothing");
  }

  @Test
  void externalDataModelIsAsLargeAsAskedAndSparse(@TempDir Path folder) throws Exception {
    var files = OnnxExternalData.write(folder, 1L << 31);

    assertThat(Files.size(files.data())).isEqualTo(1L << 31);
    assertThat(files.rows()).isEqualTo(1 << 19);
    assertThat(files.expected(files.rows() - 1, 512))
        .isEqualTo(1 + (float) ((1 << 19) - 1) % 1000 + 0.5f);
    assertThat(files.expected(1, 0)).isZero();
  }

  private static String rawOf(String name) {
    FixtureModel model = FixtureModels.get(name);
    GoldenTensor input = model.goldenCase("1x4").inputs().getFirst();
    return HexFormat.of().formatHex(model.raw(input));
  }
}
