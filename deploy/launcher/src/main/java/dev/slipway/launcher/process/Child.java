package dev.slipway.launcher.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One process that is kept running: when it ends it is started again, a little later each time. A process that lived for
 * {@link #STEADY} counts as sound, and the delay begins anew. Thread-safe.
 */
public final class Child implements AutoCloseable {
  static final Duration FIRST_DELAY = Duration.ofMillis(200);
  static final Duration LONGEST_DELAY = Duration.ofSeconds(10);
  static final Duration STEADY = Duration.ofSeconds(30);

  private final String name;
  private final Launch launch;
  private final Stop stop;
  private final CompletableFuture<Integer> firstEnd = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closed = lock.newCondition();
  private Process process;
  private int restarts;
  private boolean closing;

  /** How the process is started; called once for each start. */
  @FunctionalInterface
  public interface Launch {
    Process start() throws IOException;
  }

  public Child(String name, Launch launch, Stop stop) {
    this.name = name;
    this.launch = launch;
    this.stop = stop;
  }

  /** Starts it, and keeps it running until {@link #close}. */
  public void start() throws IOException {
    lock.lock();
    try {
      process = launch.start();
      Thread.ofVirtual().name("keep-" + name).start(this::keep);
    } finally {
      lock.unlock();
    }
  }

  public String name() {
    return name;
  }

  /** The process as it runs now; empty before the start and between two starts. */
  public Optional<ProcessHandle> handle() {
    lock.lock();
    try {
      return Optional.ofNullable(process).map(Process::toHandle).filter(ProcessHandle::isAlive);
    } finally {
      lock.unlock();
    }
  }

  /** How often it was started again. */
  public int restarts() {
    lock.lock();
    try {
      return restarts;
    } finally {
      lock.unlock();
    }
  }

  /** Completes with the exit code when the process ends for the first time. */
  public CompletableFuture<Integer> firstEnd() {
    return firstEnd.copy();
  }

  /** Ends the process and does not start it again. Returns when it is gone. */
  @Override
  public void close() {
    Process last;
    lock.lock();
    try {
      closing = true;
      closed.signalAll();
      last = process;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      stop.end(last.toHandle());
    }
  }

  private void keep() {
    Duration delay = FIRST_DELAY;
    try {
      while (true) {
        long startedAt = System.nanoTime();
        int code = current().waitFor();
        firstEnd.complete(code);
        boolean steady = System.nanoTime() - startedAt > STEADY.toNanos();
        delay = steady ? FIRST_DELAY : delay;
        if (!startAgain(delay, code)) {
          return;
        }
        delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) > 0
            ? LONGEST_DELAY
            : delay.multipliedBy(2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process current() {
    lock.lock();
    try {
      return process;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the delay, then starts the process anew; false when it is to stay down. */
  private boolean startAgain(Duration delay, int code) throws InterruptedException {
    lock.lock();
    try {
      if (!closing) {
        System.out.printf(
            "%s ended with code %d; starting it again in %d ms%n", name, code, delay.toMillis());
      }
      while (!closing) {
        pause(delay);
        if (!closing && started()) {
          return true;
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration delay) throws InterruptedException {
    long left = delay.toNanos();
    while (left > 0 && !closing) {
      left = closed.awaitNanos(left);
    }
  }

  private boolean started() {
    try {
      process = launch.start();
      restarts++;
      return true;
    } catch (IOException e) {
      System.out.printf("%s cannot be started: %s%n", name, e.getMessage());
      return false;
    }
  }
}
