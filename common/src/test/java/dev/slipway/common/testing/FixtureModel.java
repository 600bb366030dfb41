package dev.slipway.common.testing;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * A fixture model: its file, its signature as its framework sees it, and golden answers.
 *
 * @param format onnx, ort, torchscript, tensorflow-saved-model, xgboost or lightgbm
 * @param file the file's name, such as {@code model.onnx}
 * @param otherFiles what belongs to it besides, by paths; null for nothing
 * @param tolerance how far an answer may be off
 */
public record FixtureModel(
    String name,
    String format,
    String file,
    List<String> otherFiles,
    List<TensorSpec> inputs,
    List<Output> outputs,
    Tolerance tolerance,
    List<Case> cases) {

  /** One output; {@code datatype} is a word of ONNX (seq(map(…))) where the output is not a tensor (ZipMap). */
  public record Output(String name, String datatype, Shape shape) {}

  /** {@code |actual - expected| <= atol + rtol * |expected|}. */
  public record Tolerance(double rtol, double atol) {
    public boolean accepts(double expected, double actual) {
      return Double.compare(expected, actual) == 0
          || Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
    }
  }

  /** Inputs and the answers to them. */
  public record Case(String name, List<GoldenTensor> inputs, List<GoldenTensor> outputs) {
    public GoldenTensor output(String wanted) {
      return outputs.stream()
          .filter(output -> output.name().equals(wanted))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The inputs as a signature without outputs. */
  public ModelSignature inputSignature() {
    return new ModelSignature(inputs, List.of());
  }

  public Case goldenCase(String wanted) {
    return cases.stream().filter(one -> one.name().equals(wanted)).findFirst().orElseThrow();
  }

  /** The model file's content. */
  public byte[] content() {
    return FixtureModels.bytes(name + "/" + file);
  }

  /** Writes the model file into the folder, with what belongs to it, and answers it. */
  public Path copyTo(Path folder) {
    if (otherFiles != null) {
      otherFiles.forEach(
          it -> FixtureModels.write(FixtureModels.bytes(name + "/" + it), folder.resolve(it)));
    }
    return FixtureModels.write(content(), folder.resolve(file));
  }

  /** The elements of a tensor of this model, in the Open Inference Protocol's raw form: little-endian, row-major. */
  public byte[] raw(GoldenTensor tensor) {
    return tensor.dataFile() == null
        ? tensor.rawData()
        : FixtureModels.bytes(name + "/" + tensor.dataFile());
  }
}
