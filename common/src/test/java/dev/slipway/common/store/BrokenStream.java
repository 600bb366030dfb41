package dev.slipway.common.store;

import java.io.IOException;
import java.io.InputStream;

/** Gives {@code before} zero bytes and then fails. */
final class BrokenStream extends InputStream {
  private final Exception failure;
  private int before;

  BrokenStream(int before, Exception failure) {
    this.before = before;
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    if (before == 0) {
      switch (failure) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
    before--;
    return 0;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (before == 0) {
      return read();
    }
    int count = Math.min(length, before);
    before -= count;
    return count;
  }
}
