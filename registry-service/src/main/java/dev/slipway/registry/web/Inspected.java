package dev.slipway.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a gateway's inspection of a version found, in words and units for people. */
final class Inspected {
  private static final Map<String, String> NAMES = Map.of(
      "load_ms", "Load time",
      "file_bytes", "Size of the file",
      "memory_growth_bytes", "Memory once loaded",
      "peak_memory_bytes", "Most memory while it was inspected");

  private Inspected() {}

  /**
   * All of it, in its order.
   *
   * @param inspection null for none
   */
  static List<ModelBoard.Pair> all(JsonNode inspection) {
    return CheckData.of(inspection).facts().stream()
        .filter(it -> !it.value().isEmpty())
        .map(Inspected::shown)
        .toList();
  }

  /**
   * What two versions are compared by.
   *
   * @param inspection null for none
   */
  static Stream<ModelBoard.Pair> compared(JsonNode inspection) {
    return Stream.of("load_ms", "memory_growth_bytes", "graph", "producer")
        .filter(field -> inspection != null && inspection.has(field))
        .map(field -> shown(new ModelBoard.Pair(field, inspection.path(field).asText())));
  }

  private static ModelBoard.Pair shown(ModelBoard.Pair fact) {
    String words = NAMES.getOrDefault(fact.name(), fact.name().replace('_', ' '));
    return new ModelBoard.Pair(
        Character.toUpperCase(words.charAt(0)) + words.substring(1), value(fact));
  }

  private static String value(ModelBoard.Pair fact) {
    if (!fact.value().matches("\\d{1,18}")) {
      return fact.value();
    }
    if (fact.name().endsWith("_bytes")) {
      return ByteSize.text(Long.parseLong(fact.value()));
    }
    return fact.name().endsWith("_ms") ? fact.value() + " ms" : fact.value();
  }
}
