package dev.slipway.serving.engine;

import dev.slipway.common.feed.ServingSettings;
import java.nio.file.Path;
import java.util.Optional;

/** A runtime that loads model files. Thread-safe. */
public interface Engine {

  /** A short stable name: onnxruntime, torchscript, xgboost, lightgbm. */
  String name();

  /**
   * Whether this engine takes the files in {@code folder}, by name and header and without running anything: the format
   * (onnx, ort, torchscript, xgboost-json, …), or empty.
   */
  Optional<String> recognise(Path folder);

  /**
   * Starts the runtime, where that takes time or memory: the first model would else have both in its figures. Does nothing the
   * second time.
   */
  default void prepare() {}

  /**
   * Loads the version. The folder holds exactly the manifest's files, verified, and is not written to.
   *
   * @throws ModelLoadException with a reason fit for a reviewer: no path of this machine, no native trace
   */
  LoadedModel load(Path folder, ServingSettings settings) throws ModelLoadException;
}
