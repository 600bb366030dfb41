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

  /** It was killed, as it held more memory than it may. */
  record TooLarge(Phase phase) implements Ending {}

  /** Waits for the ending, which comes within the time that a task may take, counted from when the process takes it up. */
  Ending run(ProbeTask task) throws InterruptedException {
    tasks++;
    long end = System.nanoTime() + START_UP.toNanos();
    Phase phase = Phase.START;
    send(task);
    while (true) {
      String line = lines.poll(LOOK_MS, TimeUnit.MILLISECONDS);
      if (line == null) {
        if (ResidentMemory.bytesOf(process.pid()) > settings.memory()) {
          close();
          return new TooLarge(phase);
        }
        if (System.nanoTime() - end > 0) {
          close();
          return new TimedOut(phase);
        }
      } else if (line.equals(END)) {
        return new Died(phase, process.waitFor());
      } else {
        Optional<Phase> reached = ProbeLine.phase(line);
        phase = reached.orElse(phase);
        if (reached.isPresent() && phase == Phase.START) {
          end = System.nanoTime() + settings.time().toNanos();
        }
        Optional<JobResult> answer = ProbeLine.answer(line);
        if (answer.isPresent()) {
          return new Answered(answer.get());
        }
      }
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
