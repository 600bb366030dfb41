package dev.slipway.common.store;

import java.io.InputStream;

/** {@code size} bytes that depend on their position, made on the way: a large stream that needs no memory. */
final class PatternStream extends InputStream {
  private final long size;
  private long position;

  PatternStream(long size) {
    this.size = size;
  }

  @Override
  public int read() {
    return position == size ? -1 : at(position++) & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (position == size) {
      return -1;
    }
    int count = (int) Math.min(length, size - position);
    for (int i = 0; i < count; i++) {
      buffer[offset + i] = at(position++);
    }
    return count;
  }

  private static byte at(long position) {
    return (byte) (position * 31 + (position >>> 13));
  }
}
