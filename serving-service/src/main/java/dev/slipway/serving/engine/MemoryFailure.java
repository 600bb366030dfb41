package dev.slipway.serving.engine;

import java.util.List;

/** Tells a runtime's failed allocation from its other errors: they say it in their message alone. */
public final class MemoryFailure {
  /** ONNX Runtime's arena, C++, libtorch, TensorFlow. */
  private static final List<String> TEXTS = List.of(
      "Failed to allocate memory", "bad_alloc", "DefaultCPUAllocator", "OOM when allocating");

  private static final int MAX_CAUSES = 8;

  private MemoryFailure() {}

  /** Whether the error, or what caused it, is that memory was asked for and not there. */
  public static boolean in(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      String message = cause.getMessage();
      if (message != null && TEXTS.stream().anyMatch(message::contains)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** What the caller of a run is told of what a runtime threw in it, whose own words stay here. */
  public static PredictException orFailed(Throwable error) {
    return in(error)
        ? told(error)
        : new PredictException(
            PredictException.Kind.FAILED, "the model failed on this input", error);
  }

  /** What the caller is told of it. */
  public static PredictException told(Throwable error) {
    return new PredictException(
        PredictException.Kind.NO_MEMORY,
        "the model needs more memory for this input than the gateway has left; send less at once,"
            + " or try again in a second",
        error);
  }
}
