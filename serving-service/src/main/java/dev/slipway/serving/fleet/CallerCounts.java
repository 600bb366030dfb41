package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport.CallerCount;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Who called one version, by name. Bounded: who comes when the list is full is one of the others. Thread-safe, without a lock. */
final class CallerCounts {
  static final String OTHERS = "(others)";
  static final String UNNAMED = "(unnamed)";
  static final int MAX_CALLERS = 32;
  private static final int MAX_LENGTH = 64;

  private final ConcurrentHashMap<String, Count> counts = new ConcurrentHashMap<>();

  private record Count(LongAdder requests, LongAdder named) {}

  void count(String caller, boolean named) {
    Count count = of(label(caller));
    count.requests().increment();
    if (named) {
      count.named().increment();
    }
  }

  private Count of(String label) {
    Count known = counts.get(label);
    if (known != null) {
      return known;
    }
    // Two that come at the same moment may make it one more than the bound: that is no harm.
    String kept = counts.size() < MAX_CALLERS ? label : OTHERS;
    return counts.computeIfAbsent(kept, ignored -> new Count(new LongAdder(), new LongAdder()));
  }

  private static String label(String caller) {
    if (caller == null || caller.isBlank()) {
      return UNNAMED;
    }
    String visible = caller.strip().replaceAll("[^\\x21-\\x7E]", "_");
    return visible.length() <= MAX_LENGTH ? visible : visible.substring(0, MAX_LENGTH);
  }

  Map<String, CallerCount> read() {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(
            Map.Entry::getKey,
            each -> new CallerCount(
                each.getValue().requests().sum(), each.getValue().named().sum())));
  }
}
