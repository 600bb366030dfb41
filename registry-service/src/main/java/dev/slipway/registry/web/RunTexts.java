package dev.slipway.registry.web;

import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.RunInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What pages say about a run. */
final class RunTexts {
  private RunTexts() {}

  static String name(RunInfo info) {
    return info.name() == null || info.name().isBlank() ? info.runId() : info.name();
  }

  static String status(RunInfo info) {
    return info.status().name().toLowerCase(Locale.ROOT);
  }

  static String duration(RunInfo info) {
    if (info.endTime() == null) {
      return "";
    }
    Duration took = Duration.ofMillis(Math.max(0, info.endTime() - info.startTime()));
    if (took.toMinutes() >= 60) {
      return took.toHours() + " h " + took.toMinutesPart() + " min";
    }
    return took.toSeconds() >= 60
        ? took.toMinutes() + " min " + took.toSecondsPart() + " s"
        : String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
  }

  /** The value under "metrics.x", "params.x" or "tags.x"; empty when the run has none. */
  static String cell(Run run, String column) {
    int dot = column.indexOf('.');
    String key = column.substring(dot + 1);
    return switch (dot < 0 ? "" : column.substring(0, dot)) {
      case "metrics" ->
        run.metrics().stream()
            .filter(it -> it.key().equals(key))
            .map(it -> Chart.number(it.value()))
            .findFirst()
            .orElse("");
      case "params" -> value(run.params(), key);
      case "tags" -> value(run.tags(), key);
      default -> "";
    };
  }

  private static String value(List<KeyValue> pairs, String key) {
    return pairs.stream()
        .filter(it -> it.key().equals(key))
        .map(KeyValue::value)
        .findFirst()
        .orElse("");
  }

  static List<ModelBoard.Pair> pairs(List<KeyValue> values) {
    return values.stream()
        .sorted(java.util.Comparator.comparing(KeyValue::key))
        .map(it -> new ModelBoard.Pair(it.key(), it.value()))
        .toList();
  }
}
