package dev.slipway.launcher.user;

import java.io.Console;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** How far a file is: a line that moves on a terminal, one line at the end elsewhere. On standard error. */
final class Progress implements AutoCloseable {
  private static final long EVERY_NANOS = 100_000_000;
  private static final boolean TERMINAL =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);

  private final String what;
  private final long total;
  private long done;
  private long shown;

  Progress(String what, long total, long already) {
    this.what = what;
    this.total = total;
    this.done = already;
  }

  void add(long bytes) {
    done += bytes;
    long now = System.nanoTime();
    if (TERMINAL && now - shown > EVERY_NANOS) {
      shown = now;
      System.err.print("\r\u001b[K" + line());
    }
  }

  private String line() {
    long percent = total == 0 ? 100 : done * 100 / total;
    int bars = (int) (percent / 5);
    return String.format(
        "%-30s [%s%s] %3d%% of %s",
        what, "#".repeat(bars), ".".repeat(20 - bars), percent, Table.size(total));
  }

  /** The same bytes, counted while they are read. */
  InputStream counting(InputStream bytes) {
    return new FilterInputStream(bytes) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        add(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        add(Math.max(0, count));
        return count;
      }
    };
  }

  @Override
  public void close() {
    if (TERMINAL) {
      System.err.print("\r\u001b[K");
    }
  }
}
