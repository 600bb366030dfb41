package dev.slipway.launcher.user;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns for a person, as docker and kubectl print them. */
final class Table {
  private static final int GAP = 3;
  private final List<String[]> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(heads);
  }

  void row(Object... cells) {
    rows.add(Arrays.stream(cells).map(Table::cell).toArray(String[]::new));
  }

  private static String cell(Object value) {
    String text = value == null ? "" : String.valueOf(value).replaceAll("\\s+", " ");
    return text.isEmpty() ? "-" : text;
  }

  void print() {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + GAP));
      }
      System.out.println(line.toString().stripTrailing());
    }
  }

  /** How long ago an ISO time was. */
  static String ago(String iso) {
    if (iso.isEmpty()) {
      return "";
    }
    Duration since = Duration.between(Instant.parse(iso), Instant.now());
    if (since.toMinutes() < 1) {
      return Math.max(0, since.toSeconds()) + " s ago";
    }
    if (since.toHours() < 1) {
      return since.toMinutes() + " min ago";
    }
    return since.toDays() < 1 ? since.toHours() + " h ago" : since.toDays() + " d ago";
  }

  /** A size in bytes, as people read it. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < 4) {
      value /= 1024;
      unit++;
    }
    return String.format(java.util.Locale.ROOT, "%.1f %ciB", value, "KMGT".charAt(unit - 1));
  }
}
