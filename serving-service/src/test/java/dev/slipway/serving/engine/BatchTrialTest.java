package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.onnx.OnnxModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTrialTest {
  private final Engines engines = new Engines(List.of(new OnnxEngine()));

  @TempDir
  Path folder;

  private BatchableModel tried(byte[] onnx) throws IOException, ModelLoadException {
    OnnxModels.write(folder, onnx);
    LoadedModel model = engines.load(folder, ServingSettings.defaults());
    assertThat(TrialRun.run(model, 1)).isEmpty();
    return (BatchableModel) model;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "iris-logreg", "iris-forest", "identity-fp32", "identity-int64"})
  void modelsOfIndependentRowsMayAnswerRequestsTogether(String name)
      throws IOException, ModelLoadException {
    try (BatchableModel model = tried(FixtureModels.get(name).content())) {
      assertThat(model.mayBatch()).isTrue();
    }
  }

  @Test
  void aModelThatMixesItsRowsNeverDoes() throws IOException, ModelLoadException {
    byte[] centred = OnnxModels.model()
        .input("X", DataType.FP32, "N", 2)
        .output("Y", DataType.FP32, "N", 2)
        .node("ReduceMean", "X", "mean")
        .node("Sub", "X", "mean", "Y")
        .build();
    try (BatchableModel model = tried(centred)) {
      assertThat(model.mayBatch()).isFalse();
      assertThat(model.gainsByBatches()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"string-input", "identity-bytes"})
  void stringsGoApart(String name) throws IOException, ModelLoadException {
    try (BatchableModel model = tried(FixtureModels.get(name).content())) {
      assertThat(model.mayBatch()).isFalse();
    }
  }

  @Test
  void nothingGoesTogetherBeforeItWasTried() throws IOException, ModelLoadException {
    OnnxModels.write(folder, FixtureModels.get("mlp").content());
    try (var model = (BatchableModel) engines.load(folder, ServingSettings.defaults())) {
      assertThat(model.mayBatch()).isFalse();
    }
  }
}
