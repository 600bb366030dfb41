package dev.slipway.launcher.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a kind of process is asked to end.
 *
 * @param signal what asks it politely: {@code TERM}, or {@code INT} where that is the fast and clean way (PostgreSQL)
 * @param grace how long it may take before it is killed
 */
public record Stop(String signal, Duration grace) {
  /** For a Java service: it finishes the requests that it has. */
  public static final Stop SERVICE = new Stop("TERM", Duration.ofSeconds(15));

  /** For a Java service that writes its start-up cache when it ends, which takes seconds. */
  public static final Stop TRAINED = new Stop("TERM", Duration.ofSeconds(60));

  /** For a PostgreSQL server: its fast shutdown, which ends sessions and writes a checkpoint. */
  public static final Stop POSTGRES = new Stop("INT", Duration.ofSeconds(20));

  private static final Duration AFTER_KILL = Duration.ofSeconds(10);

  /** Ends {@code process}; returns when it is gone, or when even a kill did not help. */
  public void end(ProcessHandle process) {
    if (!process.isAlive()) {
      return;
    }
    ask(process);
    if (!gone(process, grace)) {
      process.destroyForcibly();
      gone(process, AFTER_KILL);
    }
  }

  private void ask(ProcessHandle process) {
    if (signal.equals("TERM")) {
      process.destroy();
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean gone(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for process " + process.pid(), e);
    }
  }
}
