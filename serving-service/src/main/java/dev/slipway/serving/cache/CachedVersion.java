package dev.slipway.serving.cache;

import dev.slipway.common.artifact.Digest;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A version's files on disk, verified, and safe from eviction until it is closed. */
public final class CachedVersion implements AutoCloseable {
  private final Digest digest;
  private final Path folder;
  private final long totalSize;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  CachedVersion(Digest digest, Path folder, long totalSize, Runnable release) {
    this.digest = digest;
    this.folder = folder;
    this.totalSize = totalSize;
    this.release = release;
  }

  public Digest digest() {
    return digest;
  }

  /** Holds exactly the manifest's files. Not to be written to. */
  public Path folder() {
    return folder;
  }

  /** The files' sizes together, in bytes. */
  public long totalSize() {
    return totalSize;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
