package dev.slipway.registry.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Tags or parameters as two columns for one multi-row statement. Sorted by key, so that two writers that touch the same rows lock
 * them in the same order.
 */
record KeyValues(List<String> keys, List<String> values) {
  /** Where a key stands twice, its last value. */
  static KeyValues lastOfEach(List<KeyValue> pairs) {
    Map<String, String> distinct = new LinkedHashMap<>();
    pairs.forEach(pair -> distinct.put(pair.key(), pair.value()));
    var sorted = new TreeMap<>(distinct);
    return new KeyValues(List.copyOf(sorted.keySet()), List.copyOf(sorted.values()));
  }

  List<KeyValue> pairs() {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> new KeyValue(keys.get(i), values.get(i)))
        .toList();
  }
}
