package dev.slipway.serving.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.engine.ClassScores;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.LoadedModel.Outputs;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime's own format, as its converter writes it. */
class OrtFormatTest {
  private static final FixtureModel IRIS = FixtureModels.get("iris-ort");

  @TempDir
  private Path folder;

  private final OnnxEngine engine = new OnnxEngine();

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes)
        .flip();
  }

  @Test
  void anOrtFileAnswersAsTheOnnxFileThatItWasMadeOf() throws Exception {
    IRIS.copyTo(folder);
    assertThat(engine.recognise(folder)).contains("ort");
    try (LoadedModel model = engine.load(folder, ServingSettings.defaults())) {
      assertThat(model.metadata())
          .containsEntry("format", "ort")
          .containsEntry("file", "model.ort");
      assertThat(model.signature().inputs()).isEqualTo(IRIS.inputs());
      for (FixtureModel.Case golden : IRIS.cases()) {
        GoldenTensor given = golden.inputs().getFirst();
        var input =
            new Tensor(given.name(), given.datatype(), given.shape(), direct(IRIS.raw(given)));
        try (Outputs outputs = model.predict(List.of(input), Set.of(), RunControl.UNLIMITED)) {
          outputs.tensors().forEach(tensor -> assertSame(golden.output(tensor.name()), tensor));
        }
      }
    }
  }

  private static void assertSame(GoldenTensor expected, Tensor actual) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    ByteBuffer data = actual.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (actual.datatype() == DataType.INT64) {
      byte[] raw = new byte[data.remaining()];
      data.get(raw);
      assertThat(raw).isEqualTo(IRIS.raw(expected));
      return;
    }
    ByteBuffer wanted = ByteBuffer.wrap(IRIS.raw(expected)).order(ByteOrder.LITTLE_ENDIAN);
    while (wanted.hasRemaining()) {
      float one = wanted.getFloat();
      assertThat(IRIS.tolerance().accepts(one, data.getFloat())).isTrue();
    }
    assertThat(data.hasRemaining()).isFalse();
  }

  /** Its class labels cannot be read, and come with the answers. */
  @Test
  void anOrtFileSaysWhichOutputsAreScoresOfClasses() throws Exception {
    byte[] model = OnnxModels.model()
        .input("X", DataType.FP32, null, 2)
        .zipMapOutput("p", DataType.INT64)
        .node(
            "ai.onnx.ml",
            "ZipMap",
            List.of(OnnxModels.integers("classlabels_int64s", 1, 0)),
            "X",
            "p")
        .build();
    OnnxModels.writeOrt(folder, model);
    try (LoadedModel loaded = engine.load(folder, ServingSettings.defaults())) {
      assertThat(loaded.classScores()).containsExactly(new ClassScores("p", "p_classes"));
    }
  }

  /** Else its external data would be read, and nobody would have looked where it lies. */
  @Test
  void anOnnxFileUnderTheNameOfAnOrtFileIsNotLoaded() throws IOException {
    byte[] model = OnnxModels.model()
        .input("X", DataType.FP32, 2)
        .output("Y", DataType.FP32, 2)
        .externalInitializer("W", DataType.FP32, new long[] {2}, "../secret.bin")
        .node("Add", "X", "W", "Y")
        .build();
    Files.write(folder.resolve("model.ort"), model);
    assertThat(engine.recognise(folder)).isEmpty();
    assertThatThrownBy(() -> engine.load(folder, ServingSettings.defaults()))
        .isInstanceOf(ModelLoadException.class);
  }

  @Test
  void anOrtFileThatWasCutShortIsRefused() throws IOException {
    byte[] whole = IRIS.content();
    Files.write(folder.resolve("model.ort"), java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> engine.load(folder, ServingSettings.defaults()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageNotContaining(folder.toString());
  }
}
