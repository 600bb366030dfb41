package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.slipway.common.feed.ServingSettings;

/** A session's options from a model's settings. */
final class SessionTuning {
  /**
   * Below this size a model's operators are too short to be worth splitting, and a session with one thread starts no pool: a
   * thousand small models then cost no thread.
   */
  private static final long SMALL_BYTES = 4L << 20;

  private static final int MAX_DEFAULT_THREADS = 4;

  private SessionTuning() {}

  /**
   * @param bytes the size of the model with its external data
   */
  static SessionOptions options(ServingSettings settings, long bytes) throws OrtException {
    var options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(
          settings.intraOpThreads() != null ? settings.intraOpThreads() : defaultThreads(bytes));
      options.setInterOpNumThreads(
          settings.interOpThreads() != null ? settings.interOpThreads() : 1);
      // A spinning pool burns the cores that the other models need.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  private static int defaultThreads(long bytes) {
    return bytes < SMALL_BYTES
        ? 1
        : Math.min(MAX_DEFAULT_THREADS, Runtime.getRuntime().availableProcessors());
  }
}
