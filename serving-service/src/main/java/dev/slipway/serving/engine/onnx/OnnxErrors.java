package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.slipway.serving.engine.MemoryFailure;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runtime's errors in our words: its own carry paths and source lines. */
final class OnnxErrors {
  private static final Pattern UNKNOWN_OPERATOR =
      Pattern.compile("([\\w.]*:\\w+)\\(-?\\d+\\) is not a registered function/op");
  private static final Pattern OPERATOR_VERSION =
      Pattern.compile("No Op registered for (\\S+) with domain_version of (\\d+)");
  private static final Pattern IR_VERSION =
      Pattern.compile("[Uu]nsupported model IR version: (\\d+), max supported IR version: (\\d+)");
  private static final Pattern OPSET = Pattern.compile(
      "Opset (\\d+) is under development.*?official support for domain \\S+ is till opset (\\d+)",
      Pattern.DOTALL);
  private static final Pattern NODE =
      Pattern.compile("Non-zero status code returned while running (\\w+) node\\. Name:'([^']*)'");

  private OnnxErrors() {}

  static ModelLoadException load(OrtException error, String file) {
    return new ModelLoadException(loadMessage(error, file), error);
  }

  private static String loadMessage(OrtException error, String file) {
    String text = String.valueOf(error.getMessage());
    Matcher found = UNKNOWN_OPERATOR.matcher(text);
    if (found.find()) {
      return file + " uses the operator " + found.group(1) + ", which ONNX Runtime does not have;"
          + " custom operator libraries are not loaded: export the model with standard operators";
    }
    found = OPERATOR_VERSION.matcher(text);
    if (found.find()) {
      return file + " uses the operator " + found.group(1) + " of opset " + found.group(2)
          + ", which ONNX does not have; export the model with standard operators";
    }
    found = IR_VERSION.matcher(text);
    if (found.find()) {
      return file + " has ONNX IR version " + found.group(1) + ", the runtime reads up to "
          + found.group(2) + "; export it with an older onnx package";
    }
    found = OPSET.matcher(text);
    if (found.find()) {
      return file + " has opset " + found.group(1) + ", the runtime knows up to " + found.group(2)
          + "; export it with target opset " + found.group(2) + " or lower";
    }
    if (MemoryFailure.in(error)) {
      return "ONNX Runtime found no memory to load " + file;
    }
    return switch (error.getCode()) {
      case ORT_INVALID_PROTOBUF -> file + " is not a readable ONNX file; was it cut short?";
      case ORT_INVALID_GRAPH, ORT_FAIL, ORT_INVALID_ARGUMENT ->
        file + " is not a valid ONNX graph; onnx.checker.check_model names the fault";
      case ORT_NOT_IMPLEMENTED ->
        file + " uses an operator on a datatype that the runtime has no kernel for";
      default -> "ONNX Runtime could not load " + file + " (" + error.getCode() + ")";
    };
  }

  /**
   * @param terminated whether the deadline watch ended the run
   */
  static PredictException run(OrtException error, boolean terminated) {
    if (terminated) {
      return new PredictException(
          Kind.DEADLINE, "the deadline passed before the model answered", error);
    }
    if (MemoryFailure.in(error)) {
      return MemoryFailure.told(error);
    }
    Matcher node = NODE.matcher(String.valueOf(error.getMessage()));
    if (node.find()) {
      // The signature fitted: what a kernel then refuses are values or sizes, an index out of range
      // for example.
      return new PredictException(
          Kind.BAD_INPUT,
          "the model cannot compute on this input: its " + node.group(1) + " operator"
              + (node.group(2).isEmpty() ? "" : " '" + node.group(2) + "'")
              + " refused the values or sizes",
          error);
    }
    return switch (error.getCode()) {
      case ORT_INVALID_ARGUMENT ->
        new PredictException(Kind.BAD_INPUT, "the model refused this input", error);
      default -> new PredictException(Kind.FAILED, "the model failed on this input", error);
    };
  }
}
