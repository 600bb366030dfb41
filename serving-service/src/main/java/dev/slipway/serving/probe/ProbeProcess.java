package dev.slipway.serving.probe;

import dev.slipway.common.job.JobResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** One child process. Does one task at a time; after any ending but an answer it is dead. */
final class ProbeProcess implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ProbeProcess.class);
  private static final long LOOK_MS = 20;
  private static final Duration START_UP = Duration.ofSeconds(30);
  private static final String END = "";

  private final ProbeSettings settings;
  private final Process process;
  private final Writer input;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private int tasks;

  ProbeProcess(ProbeSettings settings) throws IOException {
    this.settings = settings;
    this.process = ProbeCommand.start(settings);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("probe-output").start(this::read);
  }

  /** How a task ended. */
  sealed interface Ending {}

  /** It was done. */
  record Answered(JobResult result) implements Ending {}

  /** The process ended under it, by itself or by somebody else's hand. */
  record Died(Phase phase, int exit) implements Ending {}

  /** It was killed, as it took longer than it may. */
  record TimedOut(Phase phase) implements Ending {}

  /** It was killed, as the machine had hardly any processor time for it: that says nothing about the model. */
  record Starved(Phase phase, Duration cpu, Duration taken) implements Ending {}

  /** It was killed, as it held more memory than it may. */
  record TooLarge(Phase phase) implements Ending {}

  /**
   * Waits for the ending, which comes within the time that a task may take, counted from when the process takes it up; within twice that on
   * a machine so busy that the process ran for less than half of the time.
   */
  Ending run(ProbeTask task) throws InterruptedException {
    tasks++;
    Watch watch = new Watch(START_UP);
    Phase phase = Phase.START;
    send(task);
    while (true) {
      String line = lines.poll(LOOK_MS, TimeUnit.MILLISECONDS);
      if (line == null) {
        if (ResidentMemory.bytesOf(process.pid()) > settings.memory()) {
          close();
          return new TooLarge(phase);
        }
        Optional<Ending> late = watch.late(phase);
        if (late.isPresent()) {
          close();
          return late.get();
        }
      } else if (line.equals(END)) {
        return new Died(phase, process.waitFor());
      } else {
        Optional<Phase> reached = ProbeLine.phase(line);
        phase = reached.orElse(phase);
        if (reached.isPresent() && phase == Phase.START) {
          watch = new Watch(settings.time());
        }
        Optional<JobResult> answer = ProbeLine.answer(line);
        if (answer.isPresent()) {
          return new Answered(answer.get());
        }
      }
    }
  }

  /** How long a task has taken, by the clock and of the processor. */
  private final class Watch {
    private final Duration limit;
    private final long began = System.nanoTime();
    private final Duration cpuBefore = cpu();

    Watch(Duration limit) {
      this.limit = limit;
    }

    Optional<Ending> late(Phase phase) {
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      if (taken.compareTo(limit) < 0) {
        return Optional.empty();
      }
      Duration ran = cpu().minus(cpuBefore);
      if (ran.multipliedBy(2).compareTo(limit) >= 0) {
        return Optional.of(new TimedOut(phase));
      }
      return taken.compareTo(limit.multipliedBy(2)) < 0
          ? Optional.empty()
          : Optional.of(new Starved(phase, ran, taken));
    }

    /** Where it cannot be told, a process counts as having run all the time. */
    private Duration cpu() {
      return process
          .info()
          .totalCpuDuration()
          .orElseGet(() -> Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** Whether it has done its share, or has grown so that the next task would be judged by what earlier ones left. */
  boolean worn() {
    return !process.isAlive()
        || tasks >= settings.tasks()
        || ResidentMemory.bytesOf(process.pid()) > settings.memory() / 2;
  }

  long pid() {
    return process.pid();
  }

  private void send(ProbeTask task) {
    try {
      input.write(ProbeLine.of(task));
      input.write('\n');
      input.flush();
    } catch (IOException dead) {
      // Its output ends too, and says so.
      LOG.debugf("A probe process did not take its task: %s", dead.getMessage());
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (!line.isEmpty()) {
          lines.add(line);
        }
      }
    } catch (IOException dead) {
      LOG.debugf("A probe process went away: %s", dead.getMessage());
    } finally {
      lines.add(END);
    }
  }

  /** Kills it, whatever it is doing. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
      ProbeCommand.clear(settings.folder());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (IOException left) {
      LOG.warnf(
          "A probe process left files behind in %s: %s", settings.folder(), left.getMessage());
    }
  }
}
