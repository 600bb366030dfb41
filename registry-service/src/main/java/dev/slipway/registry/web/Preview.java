package dev.slipway.registry.web;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file looks like, told by its first bytes; its name only says whether text is a table.
 *
 * @param text of {@link Kind#TEXT}
 * @param header of {@link Kind#TABLE}
 * @param rows of {@link Kind#TABLE}
 * @param cut whether there is more than is shown
 */
public record Preview(
    Kind kind, String text, List<String> header, List<List<String>> rows, boolean cut) {
  static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_ROWS = 100;
  private static final int MOST_COLUMNS = 50;

  /** How it is shown. */
  public enum Kind {
    TEXT,
    TABLE,
    IMAGE,
    NONE
  }

  public boolean isText() {
    return kind == Kind.TEXT;
  }

  public boolean isTable() {
    return kind == Kind.TABLE;
  }

  /** @param start the first bytes, at most {@link #MOST_BYTES} */
  static Preview of(String path, byte[] start, long size) {
    if (imageType(start).isPresent()) {
      return new Preview(Kind.IMAGE, "", List.of(), List.of(), false);
    }
    boolean cut = size > start.length;
    String name = path.toLowerCase(Locale.ROOT);
    char separator = name.endsWith(".csv") ? ',' : name.endsWith(".tsv") ? '\t' : 0;
    return text(start, cut)
        .map(text -> separator == 0 || text.isBlank()
            ? new Preview(Kind.TEXT, text, List.of(), List.of(), cut)
            : table(text, separator, cut))
        .orElseGet(() -> new Preview(Kind.NONE, "", List.of(), List.of(), false));
  }

  /** The type of an image that holds no script; SVG is not among them. */
  static Optional<String> imageType(byte[] start) {
    String head = HexFormat.of().formatHex(start, 0, Math.min(start.length, 12));
    if (head.startsWith("89504e470d0a1a0a")) {
      return Optional.of("image/png");
    }
    if (head.startsWith("ffd8ff")) {
      return Optional.of("image/jpeg");
    }
    if (head.startsWith("474946383761") || head.startsWith("474946383961")) {
      return Optional.of("image/gif");
    }
    return head.startsWith("52494646") && head.endsWith("57454250")
        ? Optional.of("image/webp")
        : Optional.empty();
  }

  /** Empty for what is not UTF-8 text; a character that was cut in two at the end is left out. */
  private static Optional<String> text(byte[] bytes, boolean cut) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    CharBuffer characters = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), characters, !cut);
    if (result.isError()) {
      return Optional.empty();
    }
    String text = characters.flip().toString();
    boolean binary = text.chars().anyMatch(it -> it < ' ' && "\t\n\r\f\u001b".indexOf(it) < 0);
    return binary ? Optional.empty() : Optional.of(text);
  }

  private static Preview table(String text, char separator, boolean cut) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length() && rows.size() <= MOST_ROWS; i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == separator) {
        end(row, cell);
      } else if (!quoted && c == '\n') {
        end(row, cell);
        rows.add(row);
        row = new ArrayList<>();
      } else if (c != '\r') {
        cell.append(c);
      }
    }
    if (!cut && (!row.isEmpty() || !cell.isEmpty())) {
      end(row, cell);
      rows.add(row);
    }
    if (rows.isEmpty()) {
      return new Preview(Kind.TEXT, text, List.of(), List.of(), cut);
    }
    boolean more = rows.size() > MOST_ROWS + 1;
    return new Preview(
        Kind.TABLE,
        "",
        List.copyOf(rows.getFirst()),
        rows.subList(1, Math.min(rows.size(), MOST_ROWS + 1)).stream()
            .map(List::copyOf)
            .toList(),
        cut || more || text.lines().count() > rows.size());
  }

  private static void end(List<String> row, StringBuilder cell) {
    if (row.size() < MOST_COLUMNS) {
      row.add(cell.toString());
    }
    cell.setLength(0);
  }
}
