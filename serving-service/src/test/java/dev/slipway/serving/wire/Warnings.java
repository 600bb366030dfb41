package dev.slipway.serving.wire;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** What the log gets of warnings and errors. */
final class Warnings extends Handler {
  final List<LogRecord> lines = new CopyOnWriteArrayList<>();

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
      lines.add(line);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
