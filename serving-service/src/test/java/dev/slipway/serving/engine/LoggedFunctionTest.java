package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python functions that were logged with model files of their own (mlflow.pyfunc). */
class LoggedFunctionTest {
  private static final Engines ENGINES = new Engines(List.of(new OnnxEngine()));

  @TempDir
  private Path folder;

  private void log(Path where) throws IOException {
    Files.createDirectories(where);
    FixtureModels.get("iris-logreg").copyTo(where);
    Files.writeString(folder.resolve("MLmodel"), """
        flavors:
          python_function:
            loader_module: mlflow.pyfunc.model
            python_model: python_model.pkl
            artifacts: {net: {path: artifacts/net, uri: /tmp/net}}
        """);
  }

  @Test
  void aPartOfTheFunctionIsNotServedInItsPlace() throws IOException {
    log(folder.resolve("artifacts/net"));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> ENGINES.load(folder, ServingSettings.defaults()).close())
        .withMessageContaining("'artifacts/net/model.onnx' is only a part");
  }

  @Test
  void anExportThatWasAddedToTheFunctionIsServed() throws Exception {
    log(folder);

    try (LoadedModel model = ENGINES.load(folder, ServingSettings.defaults())) {
      assertThat(model.signature().inputs()).hasSize(1);
    }
  }
}
