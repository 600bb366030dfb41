package dev.slipway.serving.fleet;

import dev.slipway.serving.cache.CachedVersion;
import dev.slipway.serving.engine.LoadedModel;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One version on its way through memory. The fleet holds one reference from the start, each request one more; when the last is
 * given back, {@code whenUnused} runs once, on the thread that gave it back: it must hand the closing to another thread. State
 * moves are the reconcile loop's alone; everything else is thread-safe and wait-free.
 */
final class Servable {
  /** A count far enough below zero that late comers, who add to it and take it back, never bring it up. */
  private static final int GONE = Integer.MIN_VALUE / 2;

  private final ServableId id;
  private final long bytes;
  private final ServableStats stats;
  private final Instant createdAt;
  private final Consumer<Servable> whenUnused;
  private final AtomicInteger references = new AtomicInteger(1);
  private volatile ServableState state;
  private volatile LoadedModel model;
  private volatile CachedVersion files;
  private volatile boolean discarded;

  Servable(
      ServableId id,
      long bytes,
      ServableStats stats,
      ServableState initial,
      Instant createdAt,
      Consumer<Servable> whenUnused) {
    this.id = id;
    this.bytes = bytes;
    this.stats = stats;
    this.state = initial;
    this.createdAt = createdAt;
    this.whenUnused = whenUnused;
  }

  ServableId id() {
    return id;
  }

  /** Estimated memory. */
  long bytes() {
    return bytes;
  }

  ServableStats stats() {
    return stats;
  }

  Instant createdAt() {
    return createdAt;
  }

  ServableState state() {
    return state;
  }

  void moveTo(ServableState next) {
    if (next instanceof ServableState.Ready ready) {
      model = ready.model();
    }
    state = next;
  }

  /** The model, from READY on. */
  LoadedModel model() {
    return model;
  }

  /** The files that it was loaded from: they stay on disk as long as it stays in memory. */
  void holdFiles(CachedVersion opened) {
    files = opened;
  }

  /** Gives memory and files back. Blocking; after the last reference is gone, or when the load came to nothing. */
  void dispose(LoadedModel loaded) {
    try {
      if (loaded != null) {
        loaded.close();
      }
    } finally {
      if (files != null) {
        files.close();
      }
    }
  }

  /** Nobody wants what is being loaded: the load ends as soon as it can. */
  void discard() {
    discarded = true;
  }

  boolean isDiscarded() {
    return discarded;
  }

  /** Takes a reference; false when the last one is gone, and the caller must look at the new routing table. */
  boolean retain() {
    if (references.getAndIncrement() > 0) {
      return true;
    }
    release();
    return false;
  }

  void release() {
    if (references.decrementAndGet() == 0 && references.compareAndSet(0, GONE)) {
      whenUnused.accept(this);
    }
  }
}
