package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are as mlflow.models.utils._Example writes them. */
class SavedExampleTest {
  private static final ModelSignature MATRIX =
      new ModelSignature(List.of(new TensorSpec("X", DataType.FP32, Shape.of(-1, 2))), List.of());
  private static final ModelSignature COLUMNS = new ModelSignature(
      List.of(
          new TensorSpec("n", DataType.INT64, Shape.of(-1, 1)),
          new TensorSpec("word", DataType.BYTES, Shape.of(-1))),
      List.of());
  private static final List<FrameColumn> NAMES = List.of(
      new FrameColumn("a", FrameColumn.Type.DOUBLE, true),
      new FrameColumn("b", FrameColumn.Type.DOUBLE, true));

  @TempDir
  Path parent;

  private Path folder;

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createDirectory(parent.resolve("version"));
  }

  private Optional<List<Tensor>> read(
      String info, String example, ModelSignature signature, List<FrameColumn> columns)
      throws IOException {
    Files.writeString(folder.resolve("MLmodel"), "saved_input_example_info: {" + info + "}\n");
    Files.writeString(folder.resolve("example.json"), example);
    return SavedExample.in(folder, MlmodelFile.in(folder), signature, columns);
  }

  private Optional<List<Tensor>> matrix(String example) throws IOException {
    return read("serving_input_path: example.json, type: ndarray", example, MATRIX, List.of());
  }

  private static List<Float> floats(Tensor tensor) {
    List<Float> floats = new ArrayList<>();
    var data = tensor.data().duplicate().order(tensor.data().order());
    while (data.hasRemaining()) {
      floats.add(data.getFloat());
    }
    return floats;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\": [[1, 2], [3, 4]]}",
        "{\"inputs\": {\"X\": [[1, 2], [3, 4]]}}",
        "{\"instances\": [[1, 2], [3, 4]]}",
        "{\"dataframe_split\": {\"columns\": [0, 1], \"data\": [[1, 2], [3, 4]]}}",
        "{\"columns\": [\"p\", \"q\"], \"data\": [[1, 2], [3, 4]]}",
        "[[1, 2], [3, 4]]"
      })
  void aMatrixIsReadInAnyOfItsForms(String example) throws IOException {
    List<Tensor> tensors = matrix(example).orElseThrow();
    assertThat(tensors).hasSize(1);
    assertThat(tensors.getFirst().name()).isEqualTo("X");
    assertThat(tensors.getFirst().shape()).isEqualTo(Shape.of(2, 2));
    assertThat(floats(tensors.getFirst())).containsExactly(1f, 2f, 3f, 4f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dataframe_split\": {\"columns\": [\"b\", \"extra\", \"a\"], \"data\": [[2, 9, 1]]}}",
        "{\"inputs\": [{\"b\": 2, \"a\": 1}]}"
      })
  void namedColumnsComeInTheModelsOrder(String example) throws IOException {
    List<Tensor> tensors =
        read("serving_input_path: example.json", example, MATRIX, NAMES).orElseThrow();
    assertThat(floats(tensors.getFirst())).containsExactly(1f, 2f);
  }

  @Test
  void eachInputIsAColumn() throws IOException {
    List<Tensor> tensors = read(
            "artifact_path: example.json, type: dataframe, pandas_orient: split",
            "{\"columns\": [\"word\", \"extra\", \"n\"], \"data\": [[\"ü\", {}, 7], [\"\", null, -1]]}",
            COLUMNS,
            List.of())
        .orElseThrow();
    assertThat(tensors).extracting(Tensor::name).containsExactly("n", "word");
    assertThat(tensors.get(0).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(tensors.get(0).data().getLong(8)).isEqualTo(-1);
    assertThat(tensors.get(1).shape()).isEqualTo(Shape.of(2));
    assertThat(tensors.get(1).data().remaining()).isEqualTo(4 + 2 + 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\": [[1, 2, 3]]}",
        "{\"inputs\": [[1, \"2\"]]}",
        "{\"inputs\": [[1, 2], [3]]}",
        "{\"inputs\": [[1, true]]}",
        "{\"inputs\": [[1, [2]]]}",
        "{\"inputs\": []}",
        "{\"inputs\": {\"Z\": [[1, 2]]}}",
        "{\"messages\": [{\"role\": \"user\"}]}",
        "7",
        "not json",
        ""
      })
  void whatDoesNotFitTheModelIsNotThere(String example) throws IOException {
    assertThat(matrix(example)).isEmpty();
  }

  @Test
  void integersAreInTheirRange() throws IOException {
    var bytes =
        new ModelSignature(List.of(new TensorSpec("u", DataType.UINT8, Shape.of(-1))), List.of());
    String info = "serving_input_path: example.json";
    assertThat(read(info, "{\"inputs\": [0, 255]}", bytes, List.of())).isPresent();
    assertThat(read(info, "{\"inputs\": [256]}", bytes, List.of())).isEmpty();
    assertThat(read(info, "{\"inputs\": [-1]}", bytes, List.of())).isEmpty();
    assertThat(read(info, "{\"inputs\": [1.5]}", bytes, List.of())).isEmpty();
  }

  @Test
  void aFileOutsideOfTheVersionIsNotRead() throws IOException {
    Files.writeString(parent.resolve("secret.json"), "[[1, 2]]");
    assertThat(read("serving_input_path: ../secret.json", "", MATRIX, List.of()))
        .isEmpty();
    assertThat(read("serving_input_path: " + parent.resolve("secret.json"), "", MATRIX, List.of()))
        .isEmpty();
    assertThat(read("artifact_path: [1]", "", MATRIX, List.of())).isEmpty();
    assertThat(read("artifact_path: \"a\\0b\"", "", MATRIX, List.of())).isEmpty();
  }
}
