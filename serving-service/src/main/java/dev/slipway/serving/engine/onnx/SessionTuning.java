package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.feed.SessionOptions;
import dev.slipway.common.feed.SessionOptions.GraphOptimization;

/** A session's options from a model's settings. */
final class SessionTuning {
  /**
   * Below this size a model's operators are too short to be worth splitting, and a session with one thread starts no pool: a
   * thousand small models then cost no thread.
   */
  private static final long SMALL_BYTES = 4L << 20;

  private static final int MAX_DEFAULT_THREADS = 4;
  private static final String SPIN_MICROS = "100";

  private SessionTuning() {}

  /**
   * @param bytes the size of the model with its external data
   */
  static OrtSession.SessionOptions options(ServingSettings settings, long bytes)
      throws OrtException {
    var options = new OrtSession.SessionOptions();
    try {
      options.setIntraOpNumThreads(
          settings.intraOpThreads() != null ? settings.intraOpThreads() : defaultThreads(bytes));
      options.setInterOpNumThreads(
          settings.interOpThreads() != null ? settings.interOpThreads() : 1);
      SessionOptions wanted = settings.sessionOptions();
      spinning(options, wanted.spinning());
      if (wanted.arena() != null) {
        options.setCPUArenaAllocator(wanted.arena());
      }
      if (wanted.graphOptimization() != null) {
        options.setOptimizationLevel(level(wanted.graphOptimization()));
      }
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  /**
   * A spinning pool burns the cores that other models, and other callers of this one, need: beside the caller that is a fifth faster two are a fifth
   * slower. Where it is wanted it ends soon: what comes within a run comes within this time.
   */
  private static void spinning(OrtSession.SessionOptions options, Boolean wanted)
      throws OrtException {
    boolean spins = wanted != null && wanted;
    options.addConfigEntry("session.intra_op.allow_spinning", spins ? "1" : "0");
    if (spins) {
      options.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROS);
    }
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
  }

  private static OptLevel level(GraphOptimization wanted) {
    return switch (wanted) {
      case DISABLED -> OptLevel.NO_OPT;
      case BASIC -> OptLevel.BASIC_OPT;
      case EXTENDED -> OptLevel.EXTENDED_OPT;
      case ALL -> OptLevel.ALL_OPT;
    };
  }

  private static int defaultThreads(long bytes) {
    return bytes < SMALL_BYTES
        ? 1
        : Math.min(MAX_DEFAULT_THREADS, Runtime.getRuntime().availableProcessors());
  }
}
