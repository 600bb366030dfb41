package dev.slipway.registry.db;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A counter that can be waited for: no wake-up between two looks is lost. */
public final class Signal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long count;
  private boolean ended;

  /** The present count; read it before looking at what it announces. */
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody who waits. */
  public void raise() {
    lock.lock();
    try {
      count++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** There is nothing more to wait for: wakes everybody, and nobody waits from now on. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the count is past {@code seen}, at most {@code timeout}.
   *
   * @return whether it is
   */
  public boolean awaitPast(long seen, Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (count <= seen && left > 0 && !ended) {
        left = changed.awaitNanos(left);
      }
      return count > seen;
    } finally {
      lock.unlock();
    }
  }
}
