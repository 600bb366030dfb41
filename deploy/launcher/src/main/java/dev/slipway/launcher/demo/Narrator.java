package dev.slipway.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.file.Path;

/** Writes the story for a person: what happens, the call, the answer in one line. */
final class Narrator {
  private static final int WIDTH = 110;

  private final PrintStream out;
  private final boolean colour;

  Narrator(PrintStream out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  /** A step of the story, as a sentence. */
  void step(String sentence) {
    out.println();
    out.println(bold(sentence));
  }

  /** A call, as one could type it. */
  void call(String method, String user, String url, String json, Path file) {
    StringBuilder line = new StringBuilder("  $ curl");
    boolean implied = method.equals("GET") || json != null || file != null;
    if (!implied) {
      line.append(" -X ").append(method);
    }
    if (user != null) {
      line.append(" -u ").append(user).append(':');
    }
    if (file != null) {
      line.append(" -T ").append(file);
    }
    if (json != null) {
      line.append(" --json '").append(json).append('\'');
    }
    out.println(line.append(' ').append(url));
  }

  /** An answer: its status, and of its JSON what the story is about. */
  void answer(int status, long millis, String brief) {
    String text = brief.length() <= WIDTH ? brief : brief.substring(0, WIDTH - 1) + "…";
    out.println("  " + status + "  " + text + dim("  (" + millis + " ms)"));
  }

  void say(String text) {
    out.println("  " + text);
  }

  /** One row of a table that the story prints. */
  void row(String... cells) {
    StringBuilder line = new StringBuilder("  ");
    int[] widths = {22, 12, 12};
    for (int i = 0; i < cells.length; i++) {
      line.append(i < widths.length && i < cells.length - 1 ? pad(cells[i], widths[i]) : cells[i]);
    }
    out.println(line.toString().stripTrailing());
  }

  /** The named fields of a JSON object, as {@code name=value}. */
  static String fields(JsonNode json, String... names) {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      JsonNode value = json.at("/" + name.replace('.', '/'));
      if (!value.isMissingNode() && !value.isNull()) {
        text.append(text.isEmpty() ? "" : "  ")
            .append(name)
            .append('=')
            .append(value.isTextual() ? value.asText() : value.toString());
      }
    }
    return text.toString();
  }

  private static String pad(String text, int width) {
    return text.length() >= width ? text + " " : text + " ".repeat(width - text.length());
  }

  private String bold(String text) {
    return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  private String dim(String text) {
    return colour ? "\u001b[2m" + text + "\u001b[0m" : text;
  }
}
