package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.onnx.OnnxModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** A model answers late when the machine has something else to do, too. */
  @ParameterizedTest
  @CsvSource({"0, 30, true", "0, 200, true", "1, 200, false", "100, 30, false"})
  void oneLateRunIsNoLongModel(int laterOnes, long millis, boolean tried)
      throws IOException, ModelLoadException {
    OnnxModels.write(folder, FixtureModels.get("mlp").content());
    try (LoadedModel model = new OnnxEngine().load(folder, ServingSettings.defaults())) {
      var late = new LateModel(model, 1 + laterOnes, millis);
      assertThat(BatchTrial.of(late) != BatchTrial.Verdict.APART).isEqualTo(tried);
    }
  }

  @Test
  void nothingGoesTogetherBeforeItWasTried() throws IOException, ModelLoadException {
    OnnxModels.write(folder, FixtureModels.get("mlp").content());
    try (var model = (BatchableModel) engines.load(folder, ServingSettings.defaults())) {
      assertThat(model.mayBatch()).isFalse();
    }
  }

  /** Its first runs take long. */
  private record LateModel(LoadedModel model, AtomicInteger late, long millis)
      implements LoadedModel {
    LateModel(LoadedModel model, int late, long millis) {
      this(model, new AtomicInteger(late), millis);
    }

    @Override
    public ModelSignature signature() {
      return model.signature();
    }

    @Override
    public Map<String, Object> metadata() {
      return model.metadata();
    }

    @Override
    public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
        throws PredictException {
      if (late.getAndDecrement() > 0) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
      }
      return model.predict(inputs, outputs, control);
    }

    @Override
    public void close() {}
  }
}
