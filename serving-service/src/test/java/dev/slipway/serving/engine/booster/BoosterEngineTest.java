package dev.slipway.serving.engine.booster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoosterEngineTest {
  private static final Engines ENGINES =
      new Engines(List.of(new XgboostEngine(), new LightgbmEngine()));

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({
    "iris-xgboost-json, xgboost-json, xgboost",
    "iris-xgboost-ubj, xgboost-ubj, xgboost",
    "iris-lightgbm, lightgbm, lightgbm"
  })
  void fileIsRecognisedByItsContentWhateverItsName(String fixture, String format, String engine)
      throws Exception {
    String ending = engine.equals("xgboost") ? "anything.bst" : "anything.lgb";
    Files.createDirectories(folder.resolve("sub"));
    Files.write(
        folder.resolve("sub").resolve(ending), FixtureModels.get(fixture).content());

    var recognised = ENGINES.recognise(folder).orElseThrow();

    assertThat(recognised.format()).isEqualTo(format);
    assertThat(recognised.engine().name()).isEqualTo(engine);
    assertThat(ENGINES.load(folder, ServingSettings.defaults()).metadata())
        .containsEntry("file", "sub/" + ending)
        .containsEntry("trees", 60);
  }

  @Test
  void otherJsonAndTextAreNotRecognised() throws Exception {
    Files.writeString(folder.resolve("input_example.json"), "{\"columns\": [1]}");
    Files.writeString(folder.resolve("requirements.txt"), "lightgbm==4.7.0");
    Files.writeString(folder.resolve("empty.txt"), "");

    assertThat(ENGINES.recognise(folder)).isEmpty();
  }

  @Test
  void fileNamedByMlmodelIsServedAmongOthers() throws Exception {
    FixtureModels.get("iris-xgboost-json").copyTo(folder);
    Files.write(
        folder.resolve("model.xgb"), FixtureModels.get("iris-xgboost-ubj").content());
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> ENGINES.load(folder, ServingSettings.defaults()))
        .withMessageContaining("2 xgboost files");

    Files.writeString(folder.resolve("MLmodel"), """
        flavors:
          python_function:
            data: model.json
          xgboost:
            code: null
            data: model.xgb
            model_class: xgboost.core.Booster
        """);

    assertThat(ENGINES.load(folder, ServingSettings.defaults()).metadata())
        .containsEntry("file", "model.xgb");
  }

  @Test
  void rowsOfTheOtherFloatTypeAreTaken() throws Exception {
    try (LoadedModel xgboost = load("iris-xgboost-json");
        LoadedModel lightgbm = load("iris-lightgbm")) {
      assertThat(scores(xgboost, doubles(5.1, 3.5, 1.4, 0.2)))
          .isEqualTo(scores(xgboost, floats(5.1f, 3.5f, 1.4f, 0.2f)));
      assertThat(scores(lightgbm, floats(5f, 3.5f, 1.5f, 0.25f)))
          .isEqualTo(scores(lightgbm, doubles(5, 3.5, 1.5, 0.25)));
    }
  }

  @Test
  void inputThatDoesNotFitIsTheCallersFaultAndSaysWhatWasExpected() throws Exception {
    try (LoadedModel model = load("iris-xgboost-json")) {
      assertBadInput(model, floats(1, 2, 3), "[-1, 4], not [1, 3]");
      assertBadInput(
          model, new Tensor("X", DataType.FP32, Shape.of(0, 4), ByteBuffer.allocate(0)), "'input'");
      assertBadInput(
          model,
          new Tensor("input", DataType.INT64, Shape.of(0, 4), ByteBuffer.allocate(0)),
          "INT64");
      assertBadInput(
          model, floats(1, 2, Float.POSITIVE_INFINITY, 4), "row 0, column 2 is infinite");
      assertBadInput(model, doubles(1, 2, 1e300, 4), "row 0, column 2 is infinite");
    }
  }

  @Test
  void noRowsGiveNoScores() throws Exception {
    try (LoadedModel model = load("iris-lightgbm");
        var answer = model.predict(
            List.of(
                new Tensor("input", DataType.FP64, Shape.of(0, 4), ByteBuffer.allocateDirect(0))),
            Set.of(),
            RunControl.UNLIMITED)) {
      assertThat(answer.tensors().getFirst().shape()).isEqualTo(Shape.of(0, 3));
      assertThat(answer.tensors().getFirst().data().hasRemaining()).isFalse();
    }
  }

  @Test
  void deadlineThatHasPassedEndsTheRun() throws Exception {
    try (LoadedModel model = load("iris-xgboost-ubj")) {
      var passed = new RunControl(System.nanoTime() - 1);

      assertThatExceptionOfType(PredictException.class)
          .isThrownBy(() -> model.predict(List.of(floats(1, 2, 3, 4)), Set.of(), passed))
          .satisfies(late -> assertThat(late.kind()).isEqualTo(PredictException.Kind.DEADLINE));
    }
  }

  @Test
  void manyThreadsGetTheSameAnswers() throws Exception {
    try (LoadedModel model = load("iris-lightgbm");
        var executor = Executors.newFixedThreadPool(4)) {
      double[] expected = scores(model, doubles(6.1, 2.8, 4.7, 1.2));
      List<Callable<double[]>> calls = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        calls.add(() -> scores(model, doubles(6.1, 2.8, 4.7, 1.2)));
      }

      for (var call : executor.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(expected);
      }
    }
  }

  private LoadedModel load(String fixture) throws ModelLoadException {
    Path version = folder.resolve(fixture);
    FixtureModels.get(fixture).copyTo(version);
    return ENGINES.load(version, ServingSettings.defaults());
  }

  private static void assertBadInput(LoadedModel model, Tensor input, String words) {
    assertThatExceptionOfType(PredictException.class)
        .isThrownBy(
            () -> model.predict(List.of(input), Set.of(), RunControl.UNLIMITED).close())
        .withMessageContaining(words)
        .satisfies(bad -> assertThat(bad.kind()).isEqualTo(PredictException.Kind.BAD_INPUT));
  }

  private static double[] scores(LoadedModel model, Tensor row) throws PredictException {
    try (var answer = model.predict(List.of(row), Set.of(), RunControl.UNLIMITED)) {
      Tensor scores = answer.tensors().getFirst();
      return BoosterGolden.doubles(scores.data(), scores.datatype());
    }
  }

  private static Tensor floats(float... row) {
    ByteBuffer data = ByteBuffer.allocateDirect(row.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : row) {
      data.putFloat(value);
    }
    return new Tensor("input", DataType.FP32, Shape.of(1, row.length), data.flip());
  }

  private static Tensor doubles(double... row) {
    ByteBuffer data = ByteBuffer.allocateDirect(row.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : row) {
      data.putDouble(value);
    }
    return new Tensor("input", DataType.FP64, Shape.of(1, row.length), data.flip());
  }
}
