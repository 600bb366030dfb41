package dev.slipway.serving.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.feed.SessionOptions;
import dev.slipway.common.feed.SessionOptions.GraphOptimization;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.LoadedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTuningTest {
  private static final String SPINNING = "session.intra_op.allow_spinning";

  @TempDir
  private Path folder;

  private final OrtEnvironment environment = OnnxRuntimeAccess.get().environment();

  @Test
  void spinningIsAsTheSettingsSay() throws Exception {
    try (var on = options(new SessionOptions(true, null, null, null));
        var off = options(new SessionOptions(false, null, null, null))) {
      assertThat(on.getConfigEntries())
          .containsEntry(SPINNING, "1")
          .containsEntry("session.intra_op.spin_duration_us", "100");
      assertThat(off.getConfigEntries()).containsEntry(SPINNING, "0");
    }
  }

  @Test
  void aGraphIsRewrittenAsFarAsTheSettingsSay() throws Exception {
    byte[] model = OnnxModels.model()
        .input("X", DataType.FP32, 1)
        .output("Y", DataType.FP32, 1)
        .node("Identity", "X", "between")
        .node("Cos", "between", "Y")
        .build();

    String untouched = rewritten(model, GraphOptimization.DISABLED);
    String optimized = rewritten(model, GraphOptimization.BASIC);

    assertThat(untouched).contains("Identity", "Cos");
    assertThat(optimized).contains("Cos").doesNotContain("Identity");
  }

  @Test
  void aModelWithoutAnArenaAndWithAbsentProvidersRunsOnTheProcessor() throws Exception {
    OnnxModels.write(folder, OnnxModels.identity(DataType.FP32, "N"));
    var session = new SessionOptions(
        true,
        false,
        GraphOptimization.EXTENDED,
        List.of("NoSuchExecutionProvider", "CPUExecutionProvider"));

    try (LoadedModel model = new OnnxEngine().load(folder, settings(session))) {
      assertThat(model.metadata())
          .containsEntry("execution_providers", List.of("CPUExecutionProvider"));
    }
  }

  @Test
  void aProviderThatTheRuntimeDoesNotHaveIsPassedOver() throws Exception {
    try (var options = new OrtSession.SessionOptions()) {
      assertThat(ExecutionProviders.register(
              options,
              List.of("CUDAExecutionProvider", "CPUExecutionProvider"),
              EnumSet.of(OrtProvider.CPU)))
          .containsExactly("CPUExecutionProvider");
    }
  }

  private String rewritten(byte[] model, GraphOptimization level) throws Exception {
    Path written = folder.resolve(level + ".onnx");
    try (var options = options(new SessionOptions(null, null, level, null))) {
      options.setOptimizedModelFilePath(written.toString());
      environment.createSession(model, options).close();
    }
    return Files.readString(written, StandardCharsets.ISO_8859_1);
  }

  private static OrtSession.SessionOptions options(SessionOptions session) throws OrtException {
    return SessionTuning.options(settings(session), 1);
  }

  private static ServingSettings settings(SessionOptions session) {
    return new ServingSettings(
        null, null, null, null, null, null, null, null, null, null, null, session);
  }
}
