package dev.slipway.registry.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Things side by side.
 *
 * @param rows those that differ, unless {@code everything} is shown; a page of them
 * @param same how many rows there are that do not differ, on whichever page
 * @param other address of the same comparison with everything, or without
 * @param next address of the next page; empty on the last
 */
public record Comparison(
    String title,
    List<Side> sides,
    List<Row> rows,
    int same,
    boolean everything,
    String other,
    String next) {
  private static final int PAGE = 200;

  /**
   * What of a comparison somebody looks at.
   *
   * @param here its address, without the other two
   * @param everything also what does not differ
   * @param from how many rows come before; what lies past the end is the beginning
   */
  record Look(String here, boolean everything, int from) {
    private String address() {
      return everything ? here + "&all=true" : here;
    }

    private String other() {
      return everything ? here : here + "&all=true";
    }
  }

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

  static Comparison of(String title, List<Side> sides, List<Facts> facts, Look look) {
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
        if (differs || look.everything()) {
          rows.add(new Row(row.group(), row.name(), values, differs));
        }
      }
    }
    int from = look.from() > 0 && look.from() < rows.size() ? look.from() : 0;
    int to = Math.min(rows.size(), from + PAGE);
    return new Comparison(
        title,
        sides,
        rows.subList(from, to),
        same,
        look.everything(),
        look.other(),
        to < rows.size() ? look.address() + "&from=" + to : "");
  }
}
