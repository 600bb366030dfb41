package dev.slipway.common.store;

import dev.slipway.common.artifact.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Reads an object and holds it to what was promised. The end of the stream is only reported when size and digest agree; else
 * the read that would have reported it throws {@link ObjectStoreException.Mismatch}, and so does the first read beyond the
 * promised size. Whoever stops before the end has verified nothing. Not thread-safe.
 */
public final class VerifyingInputStream extends FilterInputStream {
  private final String key;
  private final long size;
  private final Digest expected;
  private final MessageDigest sha256 = Digest.sha256();
  private long count;
  private boolean verified;

  /** Reads {@code content}, the object {@code key}, which must have {@code size} bytes and the digest {@code expected}. */
  public VerifyingInputStream(InputStream content, String key, long size, Digest expected) {
    super(content);
    this.key = key;
    this.size = size;
    this.expected = expected;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read < 0) {
      verify();
      return -1;
    }
    count += read;
    if (count > size) {
      throw new ObjectStoreException.Mismatch(
          key, "object '" + key + "' is longer than the " + size + " bytes expected");
    }
    sha256.update(buffer, offset, read);
    return read;
  }

  @Override
  public long skip(long wanted) throws IOException {
    byte[] buffer = new byte[Math.clamp(wanted, 0, 8192)];
    long skipped = 0;
    while (skipped < wanted) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, wanted - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void verify() {
    if (verified) {
      return;
    }
    if (count != size) {
      throw new ObjectStoreException.Mismatch(
          key, "object '" + key + "' has " + count + " bytes, expected " + size);
    }
    Digest actual = Digest.ofHash(sha256.digest());
    if (!actual.equals(expected)) {
      throw new ObjectStoreException.Mismatch(key, expected, actual);
    }
    verified = true;
  }
}
