package dev.slipway.serving.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.LoadedModel.Outputs;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorFlow itself runs here, on what TensorFlow saved. */
class SavedModelEngineTest {
  private static final Path LIBRARY = Path.of("target/tensorflow");
  private static final FixtureModel MLP = FixtureModels.get("mlp-savedmodel");
  private static final FixtureModel TYPES = FixtureModels.get("types-savedmodel");

  @TempDir
  private Path folder;

  private final SavedModelEngine engine = new SavedModelEngine(LIBRARY, true);

  @Test
  void goldenAnswersAreTheFrameworksOwn() throws Exception {
    try (LoadedModel model = load(MLP)) {
      assertThat(model.signature()).isEqualTo(signature(MLP));
      assertThat(model.metadata())
          .containsEntry("code_bearing", true)
          .containsEntry("signature_key", "serving_default");
      for (FixtureModel.Case golden : MLP.cases()) {
        float[] expected = floats(tensor(MLP, golden.output("output")));
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
  void everyDatatypeAndBytesOfAnyKindComeBackAsTheyWere() throws Exception {
    FixtureModel.Case golden = TYPES.cases().getFirst();
    try (LoadedModel model = load(TYPES)) {
      assertThat(model.signature()).isEqualTo(signature(TYPES));
      List<Tensor> inputs = inputs(TYPES, golden);
      inputs.removeIf(tensor -> tensor.datatype() == DataType.BYTES);
      byte[] any = {2, 0, 0, 0, (byte) 0xff, 0, 1, 0, 0, 0, (byte) 0xc3};
      inputs.add(new Tensor("text", DataType.BYTES, Shape.of(2), direct(any)));

      try (Outputs outputs = model.predict(inputs, Set.of(), RunControl.UNLIMITED)) {
        for (Tensor output : outputs.tensors()) {
          String from = output.name().replace("_out", "");
          Tensor input =
              inputs.stream().filter(it -> it.name().equals(from)).findFirst().orElseThrow();
          assertThat(bytes(output)).as(from).isEqualTo(bytes(input));
        }
        assertThat(outputs.tensors()).hasSize(TYPES.outputs().size());
      }
    }
  }

  @Test
  void onlyTheOutputsAskedForAreGiven() throws Exception {
    try (LoadedModel model = load(TYPES);
        Outputs outputs = model.predict(
            inputs(TYPES, TYPES.cases().getFirst()), Set.of("int8_out"), RunControl.UNLIMITED)) {
      assertThat(outputs.tensors()).extracting(Tensor::name).containsExactly("int8_out");
    }
  }

  @Test
  void manyThreadsGetTheirOwnAnswers() throws Exception {
    FixtureModel.Case golden = MLP.cases().getFirst();
    try (LoadedModel model = load(MLP);
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
  void anotherFolderThatMlmodelNamesIsFound() throws Exception {
    MLP.copyTo(folder.resolve("tfmodel"));
    Files.writeString(
        folder.resolve("MLmodel"),
        "flavors:\n  tensorflow:\n    code: null\n    saved_model_dir: tfmodel\n");

    assertThat(engine.recognise(folder)).contains("tensorflow-saved-model");
    try (LoadedModel model = engine.load(folder, ServingSettings.defaults())) {
      assertThat(model.metadata()).containsEntry("file", "tfmodel/saved_model.pb");
    }
  }

  @Test
  void refusalsSayWhatToDoAndNoPath() throws Exception {
    MLP.copyTo(folder);
    assertThatThrownBy(
            () -> new SavedModelEngine(LIBRARY, false).load(folder, ServingSettings.defaults()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("slipway.serving.tensorflow.enabled=false");

    Files.delete(folder.resolve("variables/variables.data-00000-of-00001"));
    refused("cannot be loaded by TensorFlow");

    byte[] whole = Files.readAllBytes(folder.resolve("saved_model.pb"));
    Files.write(folder.resolve("saved_model.pb"), Arrays.copyOf(whole, whole.length / 2));
    refused("was it cut short");

    Files.write(folder.resolve("saved_model.pb"), new byte[0]);
    refused("no signature 'serving_default'");
  }

  @Test
  void aRunPastItsDeadlineIsThrownAway() throws Exception {
    try (LoadedModel model = load(MLP)) {
      var passed = new RunControl(System.nanoTime() - 1);
      assertThatThrownBy(() -> model.predict(inputs(MLP, MLP.cases().getFirst()), Set.of(), passed))
          .isInstanceOfSatisfying(
              PredictException.class,
              late -> assertThat(late.kind()).isEqualTo(PredictException.Kind.DEADLINE));
    }
  }

  private void refused(String why) {
    assertThatThrownBy(() -> engine.load(folder, ServingSettings.defaults()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining(folder.toString());
  }

  private LoadedModel load(FixtureModel fixture) throws ModelLoadException {
    fixture.copyTo(folder);
    return engine.load(folder, ServingSettings.defaults());
  }

  private static ModelSignature signature(FixtureModel fixture) {
    return new ModelSignature(
        fixture.inputs(),
        fixture.outputs().stream()
            .map(it -> new TensorSpec(it.name(), DataType.valueOf(it.datatype()), it.shape()))
            .toList());
  }

  private static float[] answer(LoadedModel model, FixtureModel.Case golden)
      throws PredictException {
    try (Outputs outputs = model.predict(inputs(MLP, golden), Set.of(), RunControl.UNLIMITED)) {
      assertThat(outputs.tensors().getFirst().shape())
          .isEqualTo(golden.output("output").shape());
      return floats(outputs.tensors().getFirst());
    }
  }

  private static List<Tensor> inputs(FixtureModel fixture, FixtureModel.Case golden) {
    return new ArrayList<>(
        golden.inputs().stream().map(input -> tensor(fixture, input)).toList());
  }

  private static Tensor tensor(FixtureModel fixture, GoldenTensor golden) {
    return new Tensor(
        golden.name(), golden.datatype(), golden.shape(), direct(fixture.raw(golden)));
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes)
        .flip();
  }

  private static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[tensor.data().remaining()];
    tensor.data().duplicate().get(bytes);
    return bytes;
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.data().remaining() / Float.BYTES];
    tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
