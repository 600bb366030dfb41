package dev.slipway.serving.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.engine.AnswerForm;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** libtorch itself runs here; a build without it (-Dslim) tests that it is refused with the reason. */
class TorchScriptEngineTest {
  private static final Path LIBRARY = Path.of("target/libtorch");
  private static final FixtureModel MLP = FixtureModels.get("mlp-torchscript");
  private static final String SIGNATURE = """
      {"inputs": [{"name": "input", "datatype": "FP32", "shape": [-1, 64]}],
       "outputs": [{"name": "output", "datatype": "FP32", "shape": [-1, 8]}]}
      """;

  @TempDir
  Path folder;

  private final TorchScriptEngine engine = new TorchScriptEngine(LIBRARY, true);

  static boolean isPackaged() {
    return TorchRuntime.isPackaged();
  }

  static boolean isSlim() {
    return !TorchRuntime.isPackaged();
  }

  @BeforeEach
  void theModelsFile() throws IOException {
    MLP.copyTo(folder);
    Files.writeString(folder.resolve("signature.json"), SIGNATURE);
  }

  private LoadedModel load() throws ModelLoadException {
    return engine.load(folder, ServingSettings.defaults());
  }

  private static Tensor tensor(GoldenTensor golden) {
    byte[] raw = MLP.raw(golden);
    ByteBuffer data = ByteBuffer.allocateDirect(raw.length).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(
        golden.name(), golden.datatype(), golden.shape(), data.put(raw).flip());
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.data().remaining() / Float.BYTES];
    tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static float[] answer(LoadedModel model, FixtureModel.Case golden)
      throws PredictException {
    List<Tensor> inputs =
        golden.inputs().stream().map(TorchScriptEngineTest::tensor).toList();
    try (LoadedModel.Outputs outputs = model.predict(inputs, Set.of(), RunControl.UNLIMITED)) {
      assertThat(outputs.tensors().getFirst().shape())
          .isEqualTo(golden.output("output").shape());
      return floats(outputs.tensors().getFirst());
    }
  }

  @Test
  @EnabledIf("isPackaged")
  void goldenAnswersAreTheFrameworksOwn() throws Exception {
    assertThat(engine.recognise(folder)).contains("torchscript");
    try (LoadedModel model = load()) {
      assertThat(model.metadata()).containsEntry("code_bearing", true);
      assertThat(model.answerForm()).isEqualTo(AnswerForm.NUMBERED);
      for (FixtureModel.Case golden : MLP.cases()) {
        float[] expected = floats(tensor(golden.output("output")));
        float[] actual = answer(model, golden);
        for (int i = 0; i < expected.length; i++) {
          assertThat(MLP.tolerance().accepts(expected[i], actual[i]))
              .as("%s, element %d: %s instead of %s", golden.name(), i, actual[i], expected[i])
              .isTrue();
        }
      }
    }
  }

  @Test
  @EnabledIf("isPackaged")
  void manyThreadsGetTheirOwnAnswers() throws Exception {
    FixtureModel.Case golden = MLP.cases().getFirst();
    try (LoadedModel model = load();
        var threads = Executors.newFixedThreadPool(4)) {
      float[] expected = answer(model, golden);
      Callable<float[]> call = () -> answer(model, golden);
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(call);
      }
      for (Future<float[]> one : threads.invokeAll(calls)) {
        assertThat(one.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  @EnabledIf("isPackaged")
  void theSignatureOfMlflowWillDo() throws Exception {
    Files.delete(folder.resolve("signature.json"));
    Files.createDirectories(folder.resolve("data"));
    Files.move(folder.resolve("model.pt"), folder.resolve("data/model.pth"));
    Files.writeString(folder.resolve("MLmodel"), """
        flavors:
          pytorch: {model_data: data, pytorch_version: 2.13.0}
        signature:
          inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 64]}}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 8]}}]'
        """);
    try (LoadedModel model = load()) {
      assertThat(model.signature().inputs().getFirst().name()).isEqualTo("input");
      assertThat(answer(model, MLP.cases().getFirst())).isNotEmpty();
    }
  }

  @Test
  @EnabledIf("isPackaged")
  void aSignatureThatIsNotTheModulesIsRefused() throws Exception {
    Files.writeString(folder.resolve("signature.json"), SIGNATURE.replace("[-1, 8]", "[-1, 9]"));
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("output 'output' has shape [1, 8], the signature says [-1, 9]");
    Files.writeString(folder.resolve("signature.json"), SIGNATURE.replace("[-1, 64]", "[-1, 63]"));
    assertThatThrownBy(this::load)
        .hasMessageContaining("does not run on inputs of its signature")
        .hasMessageNotContaining("Traceback");
  }

  @Test
  @EnabledIf("isPackaged")
  void aFileThatIsCutShortIsRefusedWithoutTheRuntimesWords() throws Exception {
    byte[] damaged = MLP.content();
    // The archive's directory stays, a member's content does not.
    Arrays.fill(damaged, 200, 40_000, (byte) 7);
    Files.write(folder.resolve("model.pt"), damaged);
    assertThatThrownBy(this::load)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("model.pt cannot be loaded by libtorch");
  }

  @Test
  void withoutASignatureItSaysWhatIsMissing() throws Exception {
    Files.delete(folder.resolve("signature.json"));
    assertThatThrownBy(this::load).hasMessageContaining("signature.json");
    Files.writeString(folder.resolve("signature.json"), SIGNATURE.replace("FP32", "UINT16"));
    assertThatThrownBy(this::load).hasMessageContaining("'input' is UINT16");
  }

  @Test
  void whoDoesNotWantCodeIsNotServedAny() {
    var strict = new TorchScriptEngine(LIBRARY, false);
    assertThat(strict.recognise(folder)).contains("torchscript");
    assertThatThrownBy(() -> strict.load(folder, ServingSettings.defaults()))
        .hasMessageContaining("slipway.serving.torchscript.enabled=false");
  }

  @Test
  @EnabledIf("isSlim")
  void theSlimPackageSaysWhatItLacks() {
    assertThatThrownBy(this::load).hasMessageContaining("packaged without libtorch (slim)");
  }

  @Test
  @EnabledIf("isPackaged")
  void aRunAfterTheDeadlineIsNone() throws Exception {
    try (LoadedModel model = load()) {
      Tensor input = new Tensor(
          "input", DataType.FP32, Shape.of(1, 64), ByteBuffer.allocateDirect(64 * Float.BYTES));
      assertThatThrownBy(
              () -> model.predict(List.of(input), Set.of(), new RunControl(System.nanoTime() - 1)))
          .isInstanceOfSatisfying(
              PredictException.class,
              e -> assertThat(e.kind()).isEqualTo(PredictException.Kind.DEADLINE));
    }
  }
}
