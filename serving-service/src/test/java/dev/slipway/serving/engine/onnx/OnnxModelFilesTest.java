package dev.slipway.serving.engine.onnx;

import static dev.slipway.serving.engine.onnx.TestTensors.copy;
import static dev.slipway.serving.engine.onnx.TestTensors.floats;
import static dev.slipway.serving.engine.onnx.TestTensors.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.LoadedModel.Outputs;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files make a model, what they tell of it, and which are refused. */
class OnnxModelFilesTest {
  @TempDir
  private Path folder;

  private final OnnxEngine engine = new OnnxEngine();

  @Test
  void externalDataIsReadFromBesideTheModel() throws Exception {
    byte[] bytes = withExternalData("weights.bin");
    Files.write(folder.resolve("weights.bin"), copy(floats(10, 20)));
    Tensor input = new Tensor("X", DataType.FP32, Shape.of(2), floats(1, 2));
    try (LoadedModel model = load(bytes);
        Outputs outputs = model.predict(List.of(input), Set.of(), soon())) {
      assertThat(copy(outputs.tensors().getFirst().data())).isEqualTo(copy(floats(11, 22)));
    }
  }

  private static byte[] withExternalData(String location) {
    return OnnxModels.model()
        .input("X", DataType.FP32, 2)
        .output("Y", DataType.FP32, 2)
        .externalInitializer("W", DataType.FP32, new long[] {2}, location)
        .node("Add", "X", "W", "Y")
        .build();
  }

  @Test
  void externalDataOutsideTheVersionIsRefused() {
    assertRefused(withExternalData("../secret.bin"), "'../secret.bin' lies outside the version");
    assertRefused(withExternalData("/etc/hostname"), "'/etc/hostname' lies outside the version");
    assertRefused(
        withExternalData("missing.bin"), "'missing.bin' is not among the version's files");
  }

  @Test
  void refusalsSayWhatToDo() {
    assertRefused(
        OnnxModels.model()
            .input("X", DataType.FP32, 2)
            .sequenceOutput("Y")
            .node("SequenceConstruct", "X", "Y")
            .build(),
        "output 'Y' is a sequence",
        "tensor outputs");
    assertRefused(
        OnnxModels.model()
            .unrankedInput("X", DataType.FP32)
            .output("Y", DataType.FP32)
            .node("Identity", "X", "Y")
            .build(),
        "input 'X' declares no shape");
    assertRefused(
        OnnxModels.model()
            .input("X", DataType.FP32, 2)
            .output("Y", DataType.FP32, 2)
            .node("Frobnicate", "X", "Y")
            .build(),
        "Frobnicate",
        "standard operators");
    assertRefused(
        OnnxModels.model()
            .irVersion(99)
            .input("X", DataType.FP32, 2)
            .output("Y", DataType.FP32, 2)
            .node("Identity", "X", "Y")
            .build(),
        "IR version 99");
    assertRefused(
        OnnxModels.model()
            .opset(999)
            .input("X", DataType.FP32, 2)
            .output("Y", DataType.FP32, 2)
            .node("Identity", "X", "Y")
            .build(),
        "opset 999");
  }

  @Test
  void aFileCutShortIsRefused() {
    byte[] whole = OnnxModels.identity(DataType.FP32, "N");
    assertRefused(Arrays.copyOf(whole, whole.length - 7), "not a readable ONNX file");
  }

  private void assertRefused(byte[] model, String... parts) {
    assertThatThrownBy(() -> load(model))
        .isInstanceOf(ModelLoadException.class)
        .message()
        .contains(parts)
        .doesNotContain(folder.toString())
        .doesNotContain(".cc");
  }

  @Test
  void theModelFileIsFound() throws Exception {
    byte[] bytes = OnnxModels.identity(DataType.FP32, "N");
    assertThat(engine.recognise(folder)).isEmpty();
    Files.createDirectories(folder.resolve("deep/er"));
    Files.write(folder.resolve("deep/er/net.onnx"), bytes);
    assertThat(engine.recognise(folder)).contains("onnx");
    Files.write(folder.resolve("deep/other.onnx"), bytes);
    assertThat(engine.recognise(folder)).isEmpty();
    Files.writeString(
        folder.resolve("MLmodel"),
        "artifact_path: m\nflavors:\n  onnx:\n    code: null\n    data: deep/other.onnx\n");
    assertThat(engine.recognise(folder)).contains("onnx");
    Files.writeString(folder.resolve("deep/other.onnx"), "no model at all");
    assertThat(engine.recognise(folder)).isEmpty();
  }

  @Test
  void metadataTellsTheReviewerWhereItComesFrom() throws Exception {
    try (LoadedModel model = load(OnnxModels.identity(DataType.FP32, "N"))) {
      assertThat(model.metadata())
          .containsEntry("producer", "slipway-tests")
          .containsEntry("custom", Map.of("author", "alice"))
          .containsEntry("opset", Map.of("ai.onnx", 17L, "ai.onnx.ml", 3L));
    }
  }

  @Test
  void metadataCountsOperatorsInSubgraphsTooTheMostFrequentFirst() throws Exception {
    try (LoadedModel model = load(OnnxModels.model()
        .input("X", DataType.FP32, 2)
        .output("Y", DataType.FP32, 2)
        .initializer("rounds", DataType.INT64, new long[0], new byte[8])
        .node("Cos", "X", "c")
        .node("ai.onnx.ml", "Normalizer", List.of(), "c", "n")
        .node(
            "Loop",
            List.of(OnnxModels.graph("body", OnnxModels.cosines(2))),
            "rounds",
            "",
            "n",
            "Y")
        .build())) {
      assertThat(model.metadata())
          .containsEntry("nodes", 5L)
          .containsEntry("operator_kinds", 4)
          .containsEntry(
              "operators",
              List.of(
                  Map.of("operator", "ai.onnx:Cos", "count", 2L),
                  Map.of("operator", "ai.onnx.ml:Normalizer", "count", 1L),
                  Map.of("operator", "ai.onnx:Identity", "count", 1L),
                  Map.of("operator", "ai.onnx:Loop", "count", 1L)));
    }
  }

  private LoadedModel load(byte[] model) throws IOException, ModelLoadException {
    OnnxModels.write(folder, model);
    return engine.load(folder, ServingSettings.defaults());
  }
}
