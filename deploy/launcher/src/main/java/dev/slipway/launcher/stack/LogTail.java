package dev.slipway.launcher.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The end of a log file. */
public final class LogTail {
  private static final int AT_MOST = 256 * 1024;
  private static final int LINE_AT_MOST = 400;

  private LogTail() {}

  /** The last {@code lines} lines, of the last 256 KiB; empty when there is no such file. */
  public static String of(Path log, int lines) throws IOException {
    if (Files.notExists(log)) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      int size = (int) Math.min(file.length(), AT_MOST);
      byte[] end = new byte[size];
      file.seek(file.length() - size);
      file.readFully(end);
      List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }
  }

  /** As {@link #of}, with long lines cut: for the message of a failure. */
  public static String brief(Path log, int lines) throws IOException {
    return of(log, lines).lines().map(LogTail::shorten).collect(Collectors.joining("\n"));
  }

  private static String shorten(String line) {
    return line.length() <= LINE_AT_MOST ? line : line.substring(0, LINE_AT_MOST) + "…";
  }
}
