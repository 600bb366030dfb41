package dev.slipway.serving.probe;

import com.sun.management.OperatingSystemMXBean;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.engine.djl.TorchConfig;
import dev.slipway.serving.engine.tensorflow.TensorflowConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the child process may take.
 *
 * @param folder its own, for temporary files; emptied before each start
 * @param memory bytes of its own that it may hold; with more it is killed
 * @param time that one task may take
 * @param tasks after which it is replaced by a fresh one
 * @param libtorch where libtorch is unpacked, by this process or by that
 * @param torchscript whether TorchScript is served at all
 * @param tensorflow where TensorFlow is unpacked, by this process or by that
 * @param savedModels whether SavedModels are served at all
 */
record ProbeSettings(
    Path folder,
    long memory,
    Duration time,
    int tasks,
    Path libtorch,
    boolean torchscript,
    Path tensorflow,
    boolean savedModels) {
  private static final long LARGEST_HEAP = 2L << 30;
  private static final long SMALLEST_HEAP = 64L << 20;

  static ProbeSettings of(ServingConfig config, TorchConfig torch, TensorflowConfig tensorflow) {
    ServingConfig.Jobs jobs = config.jobs();
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long memory = jobs.maxMemory().isPresent()
        ? jobs.maxMemory().get().asLongValue()
        : system.getTotalMemorySize() / 2;
    return new ProbeSettings(
        config.dataDir().toAbsolutePath().resolve("probe"),
        memory,
        jobs.timeLimit(),
        jobs.processTasks(),
        torch.libraryDir().toAbsolutePath(),
        torch.enabled(),
        tensorflow.libraryDir().toAbsolutePath(),
        tensorflow.enabled());
  }

  /** Bytes of Java memory: the rest is for the runtimes' own. */
  long heap() {
    return Math.max(SMALLEST_HEAP, Math.min(LARGEST_HEAP, memory / 2));
  }
}
