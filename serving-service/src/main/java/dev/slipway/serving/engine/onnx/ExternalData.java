package dev.slipway.serving.engine.onnx;

import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The files beside a model that hold its weights. */
final class ExternalData {
  private ExternalData() {}

  /**
   * The bytes of all external files.
   *
   * @throws ModelLoadException when one is missing, or named so that it lies outside the version's folder
   */
  static long check(Path folder, Path model, OnnxGraph graph) throws ModelLoadException {
    long bytes = 0;
    for (String location : graph.externalData()) {
      bytes += size(folder, model, location);
    }
    return bytes;
  }

  private static long size(Path folder, Path model, String location) throws ModelLoadException {
    try {
      Path file = model.resolveSibling(location).normalize();
      if (Path.of(location).isAbsolute() || !file.startsWith(folder.normalize())) {
        throw new ModelLoadException("the model's external data '" + location
            + "' lies outside the version; save it beside the model file");
      }
      if (!Files.isRegularFile(file)) {
        throw new ModelLoadException("the model's external data '" + location
            + "' is not among the version's files; upload it beside the model file");
      }
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw new ModelLoadException(
            "the model's external data '" + location + "' is a link that leads out of the version");
      }
      return Files.size(file);
    } catch (InvalidPathException | IOException e) {
      throw new ModelLoadException(
          "the model's external data '" + location + "' could not be read", e);
    }
  }
}
