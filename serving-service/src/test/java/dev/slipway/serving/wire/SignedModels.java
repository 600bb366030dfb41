package dev.slipway.serving.wire;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.onnx.OnnxModels;
import dev.slipway.serving.engine.onnx.Proto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Models that answer what they are asked, each output under its input's name with a 2, with the MLflow signatures that there are. */
final class SignedModels {
  /** Columns a and b (double) and flag (boolean) of one matrix X. */
  static final String FLAGS = "signed-flags";
  /** The matrix alone, of whole numbers. */
  static final String WHOLE_FLAGS = "signed-whole-flags";
  /** A column text (string), which the model takes as [N, 1]. */
  static final String TEXT = "signed-text";
  /** Columns x (double) and n (long), an input each. */
  static final String TYPED = "signed-typed";
  /** Tensors a of [-1] and b of [-1, 2]. */
  static final String TENSORS = "signed-tensors";
  /** One tensor without a name, of [-1, 2, 2]. */
  static final String IMAGE = "signed-image";
  /** One tensor without a name, of [-1, 3]. */
  static final String MATRIX = "signed-matrix";
  /** One tensor X of [-1, 3]. */
  static final String NAMED_TENSOR = "signed-named-tensor";
  /** Three columns without names. */
  static final String UNNAMED = "signed-unnamed";

  /** Three columns a, b, c, which are the scores of the classes no, y"s and ü (ZipMap). */
  static final String SCORES = "signed-scores";
  /** One tensor without a name, of [-1, 3]: the scores of the classes 0, -7 and 12. */
  static final String SCORES_OF_TENSOR = "signed-scores-of-tensor";
  /** The same of columns, in ONNX Runtime's own format. */
  static final String SCORES_IN_ORT = "signed-scores-in-ort";

  /** A booster of columns a, b, c (double) and flag (boolean); it answers as boosters do. */
  static final String BOOSTER = "signed-booster";

  private SignedModels() {}

  static List<String> names() {
    return List.of(
        FLAGS,
        WHOLE_FLAGS,
        TEXT,
        TYPED,
        TENSORS,
        IMAGE,
        MATRIX,
        NAMED_TENSOR,
        UNNAMED,
        SCORES,
        SCORES_OF_TENSOR,
        SCORES_IN_ORT,
        BOOSTER);
  }

  static void write(String name, Path folder) throws IOException {
    if (name.equals(BOOSTER)) {
      FixtureModels.get(FixtureServables.BOOSTER).copyTo(folder);
    } else if (name.equals(SCORES_IN_ORT)) {
      OnnxModels.writeOrt(folder, content(name));
    } else {
      OnnxModels.write(folder, content(name));
    }
    Files.writeString(folder.resolve("MLmodel"), "signature:\n  inputs: '" + inputs(name) + "'\n");
  }

  private static String inputs(String name) {
    return switch (name) {
      case FLAGS -> columns("double a", "double b", "boolean flag");
      case SCORES, SCORES_IN_ORT -> columns("double a", "double b", "double c");
      case BOOSTER -> columns("double a", "double b", "double c", "boolean flag");
      case WHOLE_FLAGS -> columns("long a", "boolean flag");
      case TEXT -> columns("string text");
      case TYPED -> columns("double x", "long n");
      case TENSORS -> """
        [{"name": "a", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}},\
         {"name": "b", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]""";
      case IMAGE -> """
        [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2, 2]}}]""";
      case MATRIX, SCORES_OF_TENSOR -> """
        [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]""";
      case NAMED_TENSOR -> """
        [{"name": "X", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]""";
      case UNNAMED -> "[{\"type\": \"double\"}, {\"type\": \"double\"}, {\"type\": \"double\"}]";
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String columns(String... columns) {
    return List.of(columns).stream()
        .map(column -> column.split(" "))
        .map(column -> "{\"type\": \"" + column[0] + "\", \"name\": \"" + column[1]
            + "\", \"required\": true}")
        .toList()
        .toString();
  }

  private static byte[] content(String name) {
    var model = OnnxModels.model();
    switch (name) {
      case FLAGS, MATRIX, NAMED_TENSOR, UNNAMED -> same(model, "X", DataType.FP32, "N", 3);
      case WHOLE_FLAGS -> same(model, "X", DataType.INT64, "N", 2);
      case TEXT -> same(model, "text", DataType.BYTES, "N", 1);
      case TYPED -> {
        same(model, "x", DataType.FP64, "N", 1);
        same(model, "n", DataType.INT64, "N", 1);
      }
      case TENSORS -> {
        same(model, "a", DataType.INT64, "N");
        same(model, "b", DataType.FP32, "N", 2);
      }
      case IMAGE -> same(model, "img", DataType.FP32, "N", 2, 2);
      case SCORES ->
        scores(model, DataType.BYTES, OnnxModels.strings("classlabels_strings", "no", "y\"s", "ü"));
      case SCORES_OF_TENSOR, SCORES_IN_ORT ->
        scores(model, DataType.INT64, OnnxModels.integers("classlabels_int64s", 0, -7, 12));
      default -> throw new IllegalArgumentException(name);
    }
    return model.build();
  }

  private static void scores(OnnxModels model, DataType labels, Proto names) {
    model
        .input("X", DataType.FP32, null, 3)
        .zipMapOutput("X2", labels)
        .node("ai.onnx.ml", "ZipMap", List.of(names), "X", "X2");
  }

  private static void same(OnnxModels model, String name, DataType type, Object... shape) {
    model
        .input(name, type, shape)
        .output(name + "2", type, shape)
        .node("Identity", name, name + "2");
  }
}
