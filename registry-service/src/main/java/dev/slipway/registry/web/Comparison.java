package dev.slipway.registry.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Things side by side.
 *
 * @param rows those that differ, unless {@code everything} is shown
 * @param other address of the same comparison with everything, or without
 */
public record Comparison(
    String title, List<Side> sides, List<Row> rows, int same, boolean everything, String other) {

  public record Side(String name, String href) {}

  /** @param values one for each side; empty where a side has none */
  public record Row(String group, String name, List<String> values, boolean differs) {}

  /** Facts of one side, each under its group: in the order in which they are to be shown. */
  static final class Facts {
    private final Map<String, Map<String, String>> groups = new LinkedHashMap<>();

    Facts put(String group, String name, String value) {
      if (value != null && !value.isEmpty()) {
        groups.computeIfAbsent(group, any -> new LinkedHashMap<>()).put(name, value);
      }
      return this;
    }

    private String get(Row row) {
      return groups.getOrDefault(row.group(), Map.of()).getOrDefault(row.name(), "");
    }
  }

  static Comparison of(
      String title, List<Side> sides, List<Facts> facts, boolean everything, String here) {
    Map<String, Map<String, Row>> all = new LinkedHashMap<>();
    facts.forEach(side -> side.groups.forEach((group, values) -> values
        .keySet()
        .forEach(name -> all.computeIfAbsent(group, any -> new LinkedHashMap<>())
            .putIfAbsent(name, new Row(group, name, List.of(), false)))));
    List<Row> rows = new ArrayList<>();
    int same = 0;
    for (Map<String, Row> group : all.values()) {
      for (Row row : group.values()) {
        List<String> values = facts.stream().map(side -> side.get(row)).toList();
        boolean differs = values.stream().distinct().count() > 1;
        same += differs ? 0 : 1;
        if (differs || everything) {
          rows.add(new Row(row.group(), row.name(), values, differs));
        }
      }
    }
    return new Comparison(
        title, sides, rows, same, everything, everything ? here : here + "&all=true");
  }
}
