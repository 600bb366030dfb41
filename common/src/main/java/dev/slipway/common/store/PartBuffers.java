package dev.slipway.common.store;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Bounds the memory of all uploads at a time: so many part buffers, and whoever comes then waits. Thread-safe. */
final class PartBuffers {
  private static final int MOST = 64;

  private final int partSize;
  private final Duration patience;
  private final Semaphore permits;

  /** Buffers of {@code partSize} bytes, as many as {@code budget} bytes hold, but at least one. */
  PartBuffers(int partSize, long budget, Duration patience) {
    this.partSize = partSize;
    this.patience = patience;
    this.permits = new Semaphore(Math.clamp(budget / partSize, 1, MOST), true);
  }

  /**
   * Runs {@code upload} with a buffer.
   *
   * @throws ObjectStoreException.Unreachable when none came free in time: too many uploads at once
   */
  <T> T with(String key, Function<byte[], T> upload) {
    try {
      if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ObjectStoreException.Unreachable(
            key,
            "too many uploads at once, none ended within " + patience.toSeconds() + " s",
            null);
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unreachable(key, "the upload was interrupted", interrupt);
    }
    try {
      return upload.apply(new byte[partSize]);
    } finally {
      permits.release();
    }
  }
}
