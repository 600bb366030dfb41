package dev.slipway.serving.probe;

import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.engine.djl.TorchConfig;
import dev.slipway.serving.engine.tensorflow.TensorflowConfig;
import dev.slipway.serving.probe.ProbeProcess.Answered;
import dev.slipway.serving.probe.ProbeProcess.Died;
import dev.slipway.serving.probe.ProbeProcess.Ending;
import dev.slipway.serving.probe.ProbeProcess.Starved;
import dev.slipway.serving.probe.ProbeProcess.TimedOut;
import dev.slipway.serving.probe.ProbeProcess.TooLarge;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Runs tasks in a child process, because a model that nobody has loaded yet may crash, hang or exhaust the memory of whatever
 * loads it. The process is started for the first task, kept for the next ones, and replaced when it died, was killed or is worn. One
 * task at a time.
 */
@Singleton
class Probe implements TaskRunner {
  private static final Logger LOG = Logger.getLogger(Probe.class);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int SIGNALLED = 128;

  private final ProbeSettings settings;
  private final AtomicReference<ProbeProcess> process = new AtomicReference<>();
  private volatile long lastUse = System.nanoTime();

  @Inject
  Probe(ServingConfig config, TorchConfig torch, TensorflowConfig tensorflow) {
    this(ProbeSettings.of(config, torch, tensorflow));
  }

  Probe(ProbeSettings settings) {
    this.settings = settings;
  }

  @Override
  public synchronized JobResult run(ProbeTask task) throws InterruptedException {
    try {
      long start = System.nanoTime();
      Ending ending = attempt(task);
      boolean quick = System.nanoTime() - start < settings.time().toNanos() / 2;
      if (ending instanceof Died && quick) {
        // It may have been somebody else's doing: a model is called deadly when it did it twice.
        ending = attempt(task);
      }
      return result(ending);
    } catch (IOException | RuntimeException notStarted) {
      LOG.error("No process for jobs can be started", notStarted);
      return failed("no process for it could be started");
    } finally {
      lastUse = System.nanoTime();
    }
  }

  private Ending attempt(ProbeTask task) throws IOException, InterruptedException {
    ProbeProcess child = process.get();
    if (child == null) {
      child = new ProbeProcess(settings);
      process.set(child);
    }
    boolean keep = false;
    try {
      Ending ending = child.run(task);
      keep = ending instanceof Answered && !child.worn();
      return ending;
    } finally {
      if (!keep) {
        close();
      }
    }
  }

  private JobResult result(Ending ending) {
    return switch (ending) {
      case Answered answered -> answered.result();
      case Died died
      when died.phase() == Phase.START ->
        failed("the process for it ended with status " + died.exit() + " before it began");
      case Died died ->
        red("the process that tried it crashed " + died.phase().words() + " (" + how(died.exit())
            + "): a gateway that loaded it would crash too");
      case TimedOut late
      when late.phase() == Phase.START -> failed("the process for it did not begin in time");
      case TimedOut late ->
        red("it was not done after " + settings.time().toSeconds() + " s and was stopped "
            + late.phase().words());
      case Starved starved ->
        failed("this gateway was too busy to try it: the process for it ran for "
            + starved.cpu().toMillis() + " ms in " + starved.taken().toSeconds()
            + " s, and was stopped " + starved.phase().words());
      case TooLarge large ->
        red("it was stopped " + large.phase().words() + ", when it held more than "
            + (settings.memory() >> 20) + " MiB of memory");
    };
  }

  private static String how(int exit) {
    return switch (exit - SIGNALLED) {
      case 6 -> "aborted by native code";
      case 9 -> "killed, as happens when memory runs out";
      case 11 -> "a segmentation fault in native code";
      default -> exit > SIGNALLED ? "signal " + (exit - SIGNALLED) : "exit status " + exit;
    };
  }

  private static JobResult red(String reason) {
    return new JobResult(null, Outcome.NOT_SERVABLE, reason, null, null, Map.of());
  }

  private static JobResult failed(String reason) {
    return new JobResult(null, Outcome.FAILED, reason, null, null, Map.of());
  }

  /** Gives the memory back when there was nothing to do for a while. */
  @Override
  public synchronized void rest() {
    if (System.nanoTime() - lastUse > IDLE.toNanos()) {
      close();
    }
  }

  /** The child process's id; 0 when there is none. */
  long pid() {
    ProbeProcess child = process.get();
    return child == null ? 0 : child.pid();
  }

  @PreDestroy
  void close() {
    ProbeProcess child = process.getAndSet(null);
    if (child != null) {
      child.close();
    }
  }
}
