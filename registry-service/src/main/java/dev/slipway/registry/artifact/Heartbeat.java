package dev.slipway.registry.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Runs {@code beat} now and then while it is read: the sign of life of a long upload. */
final class Heartbeat extends FilterInputStream {
  private static final long EVERY = Duration.ofSeconds(30).toNanos();

  private final Runnable beat;
  private long last = System.nanoTime();

  Heartbeat(InputStream body, Runnable beat) {
    super(body);
    this.beat = beat;
  }

  @Override
  public int read() throws IOException {
    beat();
    return super.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    beat();
    return super.read(target, offset, length);
  }

  private void beat() {
    if (System.nanoTime() - last > EVERY) {
      last = System.nanoTime();
      beat.run();
    }
  }
}
