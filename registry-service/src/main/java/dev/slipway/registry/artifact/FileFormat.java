package dev.slipway.registry.artifact;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The model formats that a file's name tells, most telling first. What a file really is, the inspection says. */
enum FileFormat {
  ONNX("onnx", List.of(".onnx")),
  ORT("ort", List.of(".ort")),
  XGBOOST_UBJ("xgboost-ubj", List.of(".ubj", ".xgb")),
  TORCHSCRIPT("torchscript", List.of(".pt", ".pth", ".torchscript")),
  TENSORFLOW("tensorflow-saved-model", List.of("saved_model.pb")),
  KERAS("keras", List.of(".keras", ".h5")),
  PICKLE("pickle", List.of(".pkl", ".pickle", ".joblib", ".skops"));

  private final String label;
  private final List<String> endings;

  FileFormat(String label, List<String> endings) {
    this.label = label;
    this.endings = endings;
  }

  String label() {
    return label;
  }

  static Optional<FileFormat> byName(String path) {
    String lower = path.toLowerCase(java.util.Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(lower::endsWith))
        .findFirst();
  }
}
