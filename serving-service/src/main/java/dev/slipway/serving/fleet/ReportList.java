package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Makes reports short: with a thousand versions the list is some hundred kilobytes, and in most seconds little of it changed. Only what
 * the registry said it keeps is left out. Used by one thread.
 */
final class ReportList {
  /** Where more than this share of a list changed, the whole is hardly longer. */
  private static final int SHORT_ENOUGH = 4;

  private long number;
  private Map<ReplicaReport.Key, Loaded> sent = Map.of();
  private Map<ReplicaReport.Key, Loaded> kept = Map.of();
  private boolean isKept;

  /** What to send of {@code whole}. */
  ReplicaReport shorten(ReplicaReport whole) {
    Map<ReplicaReport.Key, Loaded> now = byKey(whole.loaded());
    sent = now;
    if (!isKept) {
      number++;
      return whole.telling(whole.loaded(), number, null);
    }
    List<Loaded> changed = whole.loaded().stream()
        .filter(loaded -> !loaded.equals(kept.get(loaded.key())))
        .toList();
    List<ReplicaReport.Key> gone =
        kept.keySet().stream().filter(key -> !now.containsKey(key)).toList();
    if (changed.isEmpty() && gone.isEmpty()) {
      return whole.telling(List.of(), number, new Part(number, List.of()));
    }
    long since = number++;
    return (changed.size() + gone.size()) * SHORT_ENOUGH > now.size()
        ? whole.telling(whole.loaded(), number, null)
        : whole.telling(changed, number, new Part(since, gone));
  }

  /** What the registry said to it: the number of the list that it now keeps; empty when it keeps none of ours. */
  void answered(OptionalLong list) {
    isKept = list.isPresent() && list.getAsLong() == number;
    kept = isKept ? sent : Map.of();
  }

  /** Whether the registry keeps all that was said until now. */
  boolean isKept() {
    return isKept;
  }

  /** Whether it arrived is not known. */
  void unanswered() {
    answered(OptionalLong.empty());
  }

  private static Map<ReplicaReport.Key, Loaded> byKey(List<Loaded> list) {
    Map<ReplicaReport.Key, Loaded> byKey = LinkedHashMap.newLinkedHashMap(list.size());
    list.forEach(loaded -> byKey.put(loaded.key(), loaded));
    return byKey;
  }
}
