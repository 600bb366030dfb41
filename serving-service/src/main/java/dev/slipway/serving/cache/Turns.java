package dev.slipway.serving.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Work on one key is done by one thread at a time, on different keys side by side. Thread-safe. */
final class Turns<K> {
  private final Map<K, Turn> turns = new HashMap<>();

  /** The lock that those who want one key queue at, and how many they are. */
  private static final class Turn {
    final ReentrantLock lock = new ReentrantLock();
    int waiting;
  }

  /** What is done for one key at a time. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws ArtifactException, InterruptedException;
  }

  <T> T take(K key, Work<T> work) throws ArtifactException, InterruptedException {
    Turn turn = join(key);
    try {
      turn.lock.lockInterruptibly();
      try {
        return work.run();
      } finally {
        turn.lock.unlock();
      }
    } finally {
      leave(key, turn);
    }
  }

  private synchronized Turn join(K key) {
    Turn turn = turns.computeIfAbsent(key, ignored -> new Turn());
    turn.waiting++;
    return turn;
  }

  private synchronized void leave(K key, Turn turn) {
    if (--turn.waiting == 0) {
      turns.remove(key);
    }
  }
}
