package dev.slipway.serving.engine.djl;

import ai.djl.engine.Engine;
import dev.slipway.serving.engine.ModelLoadException;
import java.nio.file.Path;

/** libtorch in this process: started with the first model that needs it, for it takes a second and 160 MB. */
final class TorchRuntime {
  /** What the jar with libtorch brings. */
  private static final String LIBRARY = "native/lib/pytorch.properties";

  private final Path folder;
  private boolean started;

  /** @param folder where the libraries are unpacked to, and found again by the next start */
  TorchRuntime(Path folder) {
    this.folder = folder;
  }

  static boolean isPackaged() {
    return TorchRuntime.class.getClassLoader().getResource(LIBRARY) != null;
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
          "TorchScript is not served here: this gateway was packaged without"
              + " libtorch (slim); export the model to ONNX, or use the full package");
    }
    setting("ai.djl.offline", "true");
    setting("OPT_OUT_TRACKING", "true");
    setting("DJL_CACHE_DIR", folder.toString());
    setting("ENGINE_CACHE_DIR", folder.toString());
    // Requests run beside each other; threads within one would only get in each other's way.
    setting("ai.djl.pytorch.num_threads", "1");
    setting("ai.djl.pytorch.num_interop_threads", "1");
    try {
      Engine.getEngine("PyTorch");
      started = true;
    } catch (RuntimeException | LinkageError e) {
      throw new ModelLoadException(
          "TorchScript is not served here: libtorch does not start on this machine (it is packaged"
              + " for Linux on x86-64); export the model to ONNX",
          e);
    }
  }

  /** The library is told by system properties only; what the operator set stays. */
  private static void setting(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
