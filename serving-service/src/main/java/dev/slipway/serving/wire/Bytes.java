package dev.slipway.serving.wire;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Bytes from 0 to a length, in an array that may be longer. Not copied; nobody writes to it. */
public final class Bytes {
  private static final int FIRST = 8 << 10;

  private final byte[] array;
  private final int length;

  public Bytes(byte[] array, int length) {
    this.array = array;
    this.length = length;
  }

  public byte[] array() {
    return array;
  }

  public int length() {
    return length;
  }

  /**
   * Reads what is unpacked on the way: nobody knows how much will come, so memory follows what came.
   *
   * @param limit the most bytes that are taken
   * @param share pays for them
   * @throws InferenceException TOO_LARGE beyond the limit, NO_MEMORY when there is no room now
   */
  public static Bytes unpacked(InputStream in, int limit, RequestMemory.Share share)
      throws IOException, InferenceException {
    int size = Math.min(FIRST, limit);
    share.require(size);
    var bytes = new byte[size];
    int length = 0;
    while (true) {
      length += in.readNBytes(bytes, length, bytes.length - length);
      if (length < bytes.length) {
        return new Bytes(bytes, length);
      }
      if (length == limit) {
        if (in.read() >= 0) {
          throw new InferenceException(
              Kind.TOO_LARGE,
              "the body, unpacked, is larger than the " + limit + " bytes that are taken");
        }
        return new Bytes(bytes, length);
      }
      size = (int) Math.min(2L * length, limit);
      share.require(size);
      bytes = Arrays.copyOf(bytes, size);
      share.shrink(length);
    }
  }
}
