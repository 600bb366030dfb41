package dev.slipway.serving.engine.onnx;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often a model has each operator. Bounded, whatever a file says. */
final class OperatorCounts {
  private static final int MOST_KINDS = 2_000;
  private static final int LONGEST_NAME = 120;
  private static final int SHOWN = 40;

  private final Map<String, Long> counts = new HashMap<>();
  private long nodes;

  /** @param domain empty for ONNX's own */
  void add(String domain, String operator) {
    nodes++;
    String name = (domain.isEmpty() ? "ai.onnx" : domain) + ":" + operator;
    String kept = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    if (counts.size() < MOST_KINDS || counts.containsKey(kept)) {
      counts.merge(kept, 1L, Long::sum);
    }
  }

  /** For the reviewer: the most frequent ones first, and how many nodes and kinds there are in all. */
  Map<String, Object> facts() {
    List<Map<String, Object>> top = counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue()
            .reversed()
            .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
        .limit(SHOWN)
        .map(OperatorCounts::row)
        .toList();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("nodes", nodes);
    facts.put("operator_kinds", counts.size());
    facts.put("operators", top);
    return facts;
  }

  private static Map<String, Object> row(Map.Entry<String, Long> operator) {
    var row = new LinkedHashMap<String, Object>();
    row.put("operator", operator.getKey());
    row.put("count", operator.getValue());
    return row;
  }
}
