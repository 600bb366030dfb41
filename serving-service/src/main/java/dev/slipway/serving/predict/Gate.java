package dev.slipway.serving.predict;

import dev.slipway.serving.predict.InferenceException.Kind;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many runs of one model go at a time, and so many more wait. Limits come with each call, for settings change while
 * requests run. A newcomer never overtakes one who waits, except in the instant of a hand-over.
 */
final class Gate {
  /** Limits that were raised meanwhile are seen after this long. */
  private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Instead of a number of runs: nobody goes in any more. */
  private static final int RETIRED = Integer.MIN_VALUE;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();

  /** How many may run and wait. */
  record Limits(int concurrency, int queue) {}

  int running() {
    return Math.max(0, running.get());
  }

  int waiting() {
    return waiting.get();
  }

  /** Goes in if there is room at once; never blocks. */
  boolean tryEnter(Limits limits) {
    return waiting.get() == 0 && take(limits);
  }

  private boolean take(Limits limits) {
    int now = running.get();
    while (now != RETIRED && now < limits.concurrency()) {
      if (running.compareAndSet(now, now + 1)) {
        return true;
      }
      now = running.get();
    }
    return false;
  }

  /**
   * Goes in, waiting for room until the deadline.
   *
   * @return false when the gate is retired, and another takes its place
   * @throws InferenceException BUSY when too many wait already, DEADLINE when there was no room in time
   */
  boolean enter(Limits limits, long deadlineNanos) throws InferenceException {
    if (tryEnter(limits)) {
      return true;
    }
    if (waiting.incrementAndGet() > limits.queue()) {
      waiting.decrementAndGet();
      throw new InferenceException(
          Kind.BUSY,
          "too many requests: " + limits.concurrency() + " run and " + limits.queue()
              + " wait for this model; try again in a second");
    }
    lock.lock();
    try {
      while (!take(limits)) {
        if (running.get() == RETIRED) {
          return false;
        }
        if (deadlineNanos - System.nanoTime() <= 0) {
          throw new InferenceException(
              Kind.DEADLINE, "the deadline passed while the request waited for the model");
        }
        var _ = left.awaitNanos(Math.min(RECHECK_NANOS, deadlineNanos - System.nanoTime()));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException(Kind.NOT_READY, "the gateway is stopping");
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** Lets nobody in any more, unless somebody is in: then false. */
  boolean retire() {
    return running.compareAndSet(0, RETIRED);
  }

  void exit() {
    running.decrementAndGet();
    if (waiting.get() > 0) {
      lock.lock();
      try {
        left.signal();
      } finally {
        lock.unlock();
      }
    }
  }
}
