package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.onnx.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Example files as MLflow 3.17 writes them, on models that take them and models that do not. */
class SavedExampleFilesTest {
  @TempDir
  Path version;

  @Test
  void anArrayIsTheOneInput() throws Exception {
    example("ndarray", "{\n  \"inputs\": [[1.0, 2.0], [3.0, 4.0]]\n}");

    assertThat(floats(matrix().getFirst())).containsExactly(1f, 2f, 3f, 4f);
  }

  @Test
  void arraysWithNamesAreTheInputsOfThatName() throws Exception {
    example("ndarray", "{\"inputs\": {\"B\": [[3.0]], \"A\": [[1.0]]}}");

    List<Tensor> tensors = twoInputs();

    assertThat(tensors).extracting(Tensor::name).containsExactly("A", "B");
    assertThat(floats(tensors.getFirst())).containsExactly(1f);
  }

  @Test
  void aFramesColumnsAreOneMatrixInTheOrderOfTheSignature() throws Exception {
    mlmodel("""
        signature:
          inputs: '[{"name": "width", "type": "double", "required": true}, {"name": "height", "type": "double", "required": true}]'
        """, "dataframe");
    serving(
        "{\"dataframe_split\": {\"columns\": [\"height\", \"width\"], \"data\": [[2, 1], [4, 3]]}}");

    assertThat(floats(matrix().getFirst())).containsExactly(1f, 2f, 3f, 4f);
  }

  @Test
  void aFrameWhoseColumnsHaveNoNamesIsAMatrixAsItStands() throws Exception {
    example("dataframe", "{\"dataframe_split\": {\"data\": [[1.5, NaN], [2.5, null]]}}");

    assertThat(floats(matrix().getFirst())).containsExactly(1.5f, Float.NaN, 2.5f, Float.NaN);
  }

  @Test
  void aFramesColumnsAreTheInputsOfThatName() throws Exception {
    example(
        "dataframe",
        "{\"dataframe_split\": {\"columns\": [\"B\", \"A\"], \"data\": [[3, 1], [4, 2]]}}");

    List<Tensor> tensors = twoInputs();

    assertThat(tensors.getFirst().shape()).isEqualTo(Shape.of(2, 1));
    assertThat(floats(tensors.getFirst())).containsExactly(1f, 2f);
    assertThat(floats(tensors.getLast())).containsExactly(3f, 4f);
  }

  @Test
  void objectsAreTheRowsOfAFrame() throws Exception {
    example("json_object", "{\"inputs\": [{\"A\": 1, \"B\": 3}, {\"B\": 4, \"A\": 2}]}");
    assertThat(floats(twoInputs().getLast())).containsExactly(3f, 4f);

    example("json_object", "{\"inputs\": {\"A\": 1, \"B\": 3}}");
    assertThat(floats(twoInputs().getLast())).containsExactly(3f);
  }

  @Test
  void whatTheModelCannotTakeIsSaid() throws Exception {
    example("ndarray", "{\"inputs\": [[\"a\", \"b\"]]}");
    assertThatThrownBy(this::matrix)
        .isInstanceOf(UnfitExampleException.class)
        .hasMessage("input 'X': a string is not of its datatype");

    example("ndarray", "{\"inputs\": [[1.0], [1.0, 2.0]]}");
    assertThatThrownBy(this::matrix).hasMessageContaining("not of one length");

    example("ndarray", "{\"inputs\": {\"A\": [[1.0]]}}");
    assertThatThrownBy(this::twoInputs).hasMessage("it has nothing for the input 'B'");

    example("ndarray", "no JSON");
    assertThatThrownBy(this::twoInputs).hasMessage("it cannot be read");
  }

  private void example(String type, String body) throws IOException {
    mlmodel("", type);
    serving(body);
  }

  private void mlmodel(String more, String type) throws IOException {
    Files.writeString(
        version.resolve("MLmodel"),
        more + "saved_input_example_info:\n  artifact_path: input_example.json\n"
            + "  serving_input_path: serving_input_example.json\n  type: " + type + "\n");
  }

  private void serving(String body) throws IOException {
    Files.writeString(version.resolve("serving_input_example.json"), body);
  }

  private List<Tensor> matrix() throws Exception {
    return tensors(OnnxModels.identity(DataType.FP32, "N", 2));
  }

  private List<Tensor> twoInputs() throws Exception {
    return tensors(OnnxModels.model()
        .input("A", DataType.FP32, "N", 1)
        .input("B", DataType.FP32, "N", 1)
        .output("Y", DataType.FP32, "N", 1)
        .node("Add", "A", "B", "Y")
        .build());
  }

  private List<Tensor> tensors(byte[] onnx) throws Exception {
    OnnxModels.write(version, onnx);
    var engines = new Engines(List.of(new OnnxEngine()));
    try (LoadedModel model = engines.load(version, ServingSettings.defaults())) {
      return SavedExample.of(version, model);
    }
  }

  private static List<Float> floats(Tensor tensor) {
    var data = tensor.data().duplicate().order(tensor.data().order()).asFloatBuffer();
    List<Float> values = new ArrayList<>();
    while (data.hasRemaining()) {
      values.add(data.get());
    }
    return values;
  }
}
