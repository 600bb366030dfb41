package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.Tensor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The one ONNX Runtime of the process: its environment, and the values that its Java API has no way to make. */
final class OnnxRuntimeAccess {
  private static final long LOADER_STACK = 1L << 29;

  private final OrtEnvironment environment;

  private OnnxRuntimeAccess(OrtEnvironment environment) {
    this.environment = environment;
  }

  /** Loads the native library on the first call. The runtime's own log stays off: its errors come back as exceptions. */
  static OnnxRuntimeAccess get() {
    return Holder.ACCESS;
  }

  private static final class Holder {
    private static final OnnxRuntimeAccess ACCESS = new OnnxRuntimeAccess(load());
  }

  /** Looked for when the first model needs them: linking them was a sixth of what a start takes of the processors. */
  private static final class Values {
    private static final Optional<OrtValues> FOUND = OrtValues.find(get().environment);
  }

  /**
   * While it is loaded, ONNX Runtime matches the process's command line against regular expressions, recursively: one of some ten
   * thousand characters overflows the stack of a usual thread, and ends the process without a word.
   */
  private static OrtEnvironment load() {
    var loaded = new CompletableFuture<OrtEnvironment>();
    // What the thread runs must not belong to Holder, whose initialisation waits for it.
    new Thread(null, () -> load(loaded), "onnx-runtime-load", LOADER_STACK).start();
    return loaded.join();
  }

  private static void load(CompletableFuture<OrtEnvironment> loaded) {
    try {
      loaded.complete(
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "slipway"));
    } catch (RuntimeException | LinkageError e) {
      loaded.completeExceptionally(e);
    }
  }

  OrtEnvironment environment() {
    return environment;
  }

  /** Whether tensors of this datatype can be made. */
  boolean supports(DataType datatype) {
    return !OrtValues.makes(datatype) || Values.FOUND.isPresent();
  }

  /** A tensor of the runtime over the memory of {@code tensor}; strings are copied. */
  OnnxTensor tensor(Tensor tensor) throws OrtException, PredictException {
    if (OrtValues.makes(tensor.datatype())) {
      return values().create(tensor);
    }
    return OnnxTensor.createTensor(
        environment,
        tensor.data(),
        tensor.shape().toArray(),
        OnnxTypes.javaType(tensor.datatype()).orElseThrow());
  }

  OrtValues values() {
    return Values.FOUND.orElseThrow();
  }
}
