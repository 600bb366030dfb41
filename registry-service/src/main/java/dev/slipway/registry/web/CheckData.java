package dev.slipway.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The figures of a check, whatever their form: plain ones as facts, lists of objects as tables, at most so many of each.
 *
 * @param more whether some are left out
 */
public record CheckData(List<ModelBoard.Pair> facts, List<Sheet> tables, boolean more) {
  private static final int MOST_FACTS = 40;
  private static final int MOST_ROWS = 20;
  private static final int MOST_COLUMNS = 12;
  private static final int MOST_TEXT = 500;

  public record Sheet(String name, List<String> columns, List<List<String>> rows) {}

  public boolean isEmpty() {
    return facts.isEmpty() && tables.isEmpty();
  }

  static CheckData of(JsonNode data) {
    var reading = new Reading();
    if (data != null && !data.isNull()) {
      reading.read("", data);
    }
    return new CheckData(reading.facts, reading.tables, reading.more);
  }

  private static final class Reading {
    private final List<ModelBoard.Pair> facts = new ArrayList<>();
    private final List<Sheet> tables = new ArrayList<>();
    private boolean more;

    private void read(String name, JsonNode value) {
      if (value.isObject()) {
        value
            .properties()
            .forEach(
                it -> read(name.isEmpty() ? it.getKey() : name + "." + it.getKey(), it.getValue()));
      } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
        tables.add(table(name, value));
      } else if (facts.size() < MOST_FACTS) {
        facts.add(new ModelBoard.Pair(name.isEmpty() ? "value" : name, text(value)));
      } else {
        more = true;
      }
    }

    private Sheet table(String name, JsonNode list) {
      Set<String> columns = new LinkedHashSet<>();
      list.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
      more |= list.size() > MOST_ROWS || columns.size() > MOST_COLUMNS;
      List<String> shown = columns.stream().limit(MOST_COLUMNS).toList();
      List<List<String>> rows = new ArrayList<>();
      for (int i = 0; i < Math.min(list.size(), MOST_ROWS); i++) {
        JsonNode row = list.get(i);
        rows.add(shown.stream().map(column -> text(row.path(column))).toList());
      }
      return new Sheet(name, shown, rows);
    }

    private static String text(JsonNode value) {
      String text = value.isMissingNode() || value.isNull()
          ? ""
          : value.isNumber() && value.isFloatingPointNumber()
              ? Chart.number(value.doubleValue())
              : value.isValueNode() ? value.asText() : value.toString();
      return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
    }
  }
}
