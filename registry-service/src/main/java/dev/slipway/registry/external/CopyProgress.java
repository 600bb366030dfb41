package dev.slipway.registry.external;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.UUID;

/** How far an attempt is, said once a second while bytes come: its sign of life. */
final class CopyProgress {
  private static final long EVERY = Duration.ofSeconds(1).toNanos();

  private final CopyStore store;
  private final UUID attempt;
  private int files;
  private long bytes;
  private long said = System.nanoTime();

  CopyProgress(CopyStore store, UUID attempt) {
    this.store = store;
    this.attempt = attempt;
  }

  /** The attempt is no longer the version's. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** @throws Lost when the attempt is no longer the version's */
  void beat() {
    said = System.nanoTime();
    if (!store.beat(attempt, files, bytes)) {
      throw new Lost();
    }
  }

  void fileDone() {
    files++;
    beat();
  }

  /** The same bytes, counted while they are read. */
  InputStream counting(InputStream content) {
    return new FilterInputStream(content) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count(Math.max(0, read));
        return read;
      }
    };
  }

  private void count(int read) {
    bytes += read;
    if (System.nanoTime() - said > EVERY) {
      beat();
    }
  }
}
