package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Ends runs whose deadline passes, by ONNX Runtime's terminate flag. One thread for all runs, asleep until the earliest
 * deadline that it has seen. The flag acts between operators.
 */
final class RunWatch {
  private static final Logger LOG = Logger.getLogger(RunWatch.class);
  private static final long NEVER = Long.MAX_VALUE;
  private static final long AGAIN_NANOS = 100_000_000;

  private final Set<Watched> running = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile long wakeAt = NEVER;

  RunWatch() {
    thread = Thread.ofPlatform().daemon().name("onnx-deadlines").start(this::watch);
  }

  /** Watches one run; close it when the run has returned. */
  Watched start(long deadlineNanos) throws OrtException {
    var watched = new Watched(new RunOptions(), deadlineNanos);
    running.add(watched);
    if (deadlineNanos < wakeAt) {
      LockSupport.unpark(thread);
    }
    return watched;
  }

  private void watch() {
    while (true) {
      try {
        look();
      } catch (RuntimeException | Error unexpected) {
        LOG.error("deadlines could not be looked at, trying again", unexpected);
        LockSupport.parkNanos(this, AGAIN_NANOS);
      }
    }
  }

  /** Ends the runs that are past their deadline, and rests until the next one is. */
  private void look() {
    // Announced before the scan: a run that starts during it sees NEVER and unparks.
    wakeAt = NEVER;
    long now = System.nanoTime();
    long earliest = NEVER;
    for (Watched run : running) {
      if (run.deadlineNanos - now <= 0) {
        run.terminate();
      } else {
        earliest = Math.min(earliest, run.deadlineNanos);
      }
    }
    wakeAt = earliest;
    if (earliest == NEVER) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, Math.max(1, earliest - System.nanoTime()));
    }
  }

  /** A run under watch. */
  final class Watched implements AutoCloseable {
    private final RunOptions options;
    private final long deadlineNanos;
    private boolean closed;
    private boolean terminated;

    private Watched(RunOptions options, long deadlineNanos) {
      this.options = options;
      this.deadlineNanos = deadlineNanos;
    }

    RunOptions options() {
      return options;
    }

    synchronized boolean terminated() {
      return terminated;
    }

    /** Under the lock, so that the flag is never set on options that are already given back. */
    private synchronized void terminate() {
      if (closed || terminated) {
        return;
      }
      try {
        options.setTerminate(true);
        terminated = true;
      } catch (OrtException e) {
        LOG.error("a run past its deadline could not be ended", e);
      }
    }

    @Override
    public synchronized void close() {
      running.remove(this);
      closed = true;
      options.close();
    }
  }
}
