package dev.slipway.serving.engine.tensorflow;

import ai.djl.engine.Engine;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** TensorFlow in this process: started with the first model that needs it. */
final class TensorflowRuntime {
  private static final String NATIVES = "org/tensorflow/internal/c_api/linux-x86_64/";
  private static final List<String> LIBRARIES =
      List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2", "libjnitensorflow.so");

  private final Path folder;
  private boolean started;

  /** @param folder where the libraries are unpacked to, and found again by the next start */
  TensorflowRuntime(Path folder) {
    this.folder = folder;
  }

  static boolean isPackaged() {
    return library(LIBRARIES.getLast()) != null;
  }

  /**
   * Starts it, once.
   *
   * @throws ModelLoadException when it is not in this package, or not for this machine
   */
  synchronized void require() throws ModelLoadException {
    if (started) {
      return;
    }
    if (!isPackaged()) {
      throw new ModelLoadException(
          "SavedModels are not served here: this gateway was packaged without TensorFlow"
              + " (an add-on: -Dtensorflow); export the model with tf2onnx, or use that package");
    }
    try {
      unpack();
      setting("ai.djl.offline", "true");
      setting("OPT_OUT_TRACKING", "true");
      setting("TENSORFLOW_LIBRARY_PATH", folder.toString());
      Engine.getEngine("TensorFlow");
      started = true;
    } catch (IOException e) {
      throw new ModelLoadException(
          "TensorFlow could not be unpacked on this gateway: is its disk full?", e);
    } catch (RuntimeException | LinkageError e) {
      throw new ModelLoadException(
          "SavedModels are not served here: TensorFlow does not start on this machine (it is"
              + " packaged for Linux on x86-64); export the model with tf2onnx",
          e);
    }
  }

  /** A file is there wholly or not at all: the gateway and its probe may unpack at the same time. */
  private void unpack() throws IOException {
    Files.createDirectories(folder);
    for (String name : LIBRARIES) {
      Path file = folder.resolve(name);
      if (!Files.exists(file)) {
        Path part = Files.createTempFile(folder, name, ".part");
        // Streamed out of the jar: as a resource it would be in memory as a whole.
        try (InputStream in = library(name).openStream()) {
          Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
          Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  private static URL library(String name) {
    return TensorflowRuntime.class.getClassLoader().getResource(NATIVES + name);
  }

  /** The library is told by system properties only; what the operator set stays. */
  private static void setting(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
