package dev.slipway.serving.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says of files that no engine takes what they are, and what to do: by name and header, nothing is parsed or run. */
public final class UnservedFormat {
  private static final String ONNX = "; export the model to ONNX and register that";

  private UnservedFormat() {}

  /** One sentence for the reviewer; no path of this machine. */
  public static String explain(Path folder) {
    try (var walk = Files.walk(folder, 8)) {
      List<Path> files =
          walk.filter(Files::isRegularFile).sorted().limit(10_000).toList();
      return files.stream()
          .map(UnservedFormat::known)
          .flatMap(Optional::stream)
          .findFirst()
          .orElse("no model file of a format that is served was found among " + files.size()
              + " file(s)" + ONNX);
    } catch (IOException unreadable) {
      return "the version's files cannot be read";
    }
  }

  private static Optional<String> known(Path file) {
    String name = file.getFileName().toString();
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".pkl")
        || lower.endsWith(".pickle")
        || lower.endsWith(".joblib")
        || lower.endsWith(".cloudpickle")
        || (isModelLike(lower) && isPickle(file))) {
      return Optional.of("'" + name
          + "' is a Python pickle (scikit-learn or a Python function): not served, because loading "
          + "it runs code; export with skl2onnx and register the ONNX file");
    }
    if (lower.endsWith(".skops")) {
      return Optional.of("'" + name
          + "' is a Python object (scikit-learn, saved by skops): not served; export with skl2onnx, or log "
          + "the booster itself (model.booster_, model.get_booster())");
    }
    if (lower.endsWith(".pt") || lower.endsWith(".pth")) {
      return Optional.of(
          "'" + name
              + "' is a PyTorch checkpoint: not served, because loading it runs code; export with torch.onnx.export or torch.jit");
    }
    if (lower.endsWith(".safetensors")) {
      return Optional.of("'" + name + "' holds weights without a model: not served" + ONNX);
    }
    if (lower.endsWith(".h5") || lower.endsWith(".keras") || lower.endsWith(".tflite")) {
      return Optional.of(
          "'" + name
              + "' is a Keras or TensorFlow Lite model: not served; export a SavedModel (model.export(...)), or ONNX with tf2onnx");
    }
    if (lower.endsWith(".ubj")
        || lower.endsWith(".xgb")
        || lower.endsWith(".lgb")
        || lower.endsWith(".cbm")) {
      return Optional.of(
          "'" + name + "' is a boosted-trees model: not served; export with onnxmltools");
    }
    return Optional.empty();
  }

  private static boolean isModelLike(String name) {
    return !name.contains(".") || name.endsWith(".bin") || name.endsWith(".model");
  }

  /** Protocols 2 to 5 begin with 0x80 and their number (Python, pickletools). */
  private static boolean isPickle(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(2);
      return head.length == 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
    } catch (IOException unreadable) {
      return false;
    }
  }
}
