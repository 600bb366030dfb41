package dev.slipway.serving.wire.grpc;

import java.io.IOException;
import java.io.InputStream;

/**
 * A message as it was packed, which the first read begins to unpack, on whichever thread that is. The transport closes a message as
 * soon as its call was told of it, and nobody knows before how long unpacking takes: closing this one does nothing, so that it may
 * be read later. It holds nothing but an array until it is read, and what it takes then it gives back at the end.
 */
final class PackedMessage extends InputStream {
  private final Unpacking unpacking;
  private final InputStream packed;
  /** Null until the first read. */
  private InputStream unpacked;

  /** Such as {@code GZIPInputStream::new}. */
  @FunctionalInterface
  interface Unpacking {
    InputStream of(InputStream packed) throws IOException;
  }

  /**
   * @param packed of a packed message; to be closed by nobody
   */
  PackedMessage(Unpacking unpacking, InputStream packed) {
    this.unpacking = unpacking;
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (unpacked == null) {
      unpacked = unpacking.of(packed);
    }
    int count = -1;
    try {
      count = unpacked.read(to, offset, length);
      return count;
    } finally {
      if (count < 0) {
        unpacked.close();
        unpacked = InputStream.nullInputStream();
      }
    }
  }
}
