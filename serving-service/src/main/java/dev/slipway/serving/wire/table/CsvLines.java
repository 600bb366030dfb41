package dev.slipway.serving.wire.table;

import dev.slipway.serving.predict.InferenceException;
import java.util.ArrayList;
import java.util.List;

/** Splits CSV into lines of values (RFC 4180): quotes may hold commas, line ends, and quotes written twice. */
final class CsvLines {
  private final String text;
  private int at;

  CsvLines(String text) {
    this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** The next line that is not blank; null at the end. */
  List<String> next() throws InferenceException {
    while (at < text.length() && isLineEnd(text.charAt(at))) {
      at++;
    }
    if (at >= text.length()) {
      return null;
    }
    var values = new ArrayList<String>();
    while (true) {
      values.add(value());
      TableShapes.width(values.size());
      if (at >= text.length() || isLineEnd(text.charAt(at))) {
        return values;
      }
      at++;
    }
  }

  private String value() throws InferenceException {
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length() && text.charAt(at) != ',' && !isLineEnd(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() throws InferenceException {
    var value = new StringBuilder();
    at++;
    while (true) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        throw InferenceException.badInput("the CSV ends inside quotes");
      }
      value.append(text, at, quote);
      at = quote + 1;
      if (at < text.length() && text.charAt(at) == '"') {
        value.append('"');
        at++;
      } else if (at < text.length() && text.charAt(at) != ',' && !isLineEnd(text.charAt(at))) {
        throw InferenceException.badInput("the CSV has a value that goes on after its quotes");
      } else {
        return value.toString();
      }
    }
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }
}
