package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.evidence.MetricsCheck.Direction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two runs' metrics side by side. One that live has and the version lacks is for a person to judge, for it may be the one that
 * got worse; one that the policy names has to be there.
 */
final class MetricsCompared {
  private static final double SLACK = 0.001;
  private static final String NOT_JUDGED = "not judged";

  private final Map<String, Double> thresholds;
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();
  private final List<String> doubtful = new ArrayList<>();
  private int judged;

  private MetricsCompared(Map<String, Double> thresholds) {
    this.thresholds = thresholds;
  }

  /** @param thresholds of the policy, by the metric's name */
  static MetricsCompared of(
      Map<String, Double> own, Map<String, Double> live, Map<String, Double> thresholds) {
    var compared = new MetricsCompared(thresholds);
    Set<String> names = new TreeSet<>(live.keySet());
    names.addAll(own.keySet());
    names.addAll(thresholds.keySet());
    names.forEach(name -> compared.add(name, own.get(name), live.get(name)));
    return compared;
  }

  private void add(String name, Double after, Double before) {
    Direction direction = Direction.of(name);
    boolean required = thresholds.containsKey(name);
    if (direction == Direction.UNKNOWN) {
      if (required) {
        doubtful.add("the name " + name + " does not tell in which direction it is better");
      }
      row(name, direction, before, after, NOT_JUDGED);
    } else if (isNone(after)) {
      boolean gone = after == null;
      boolean lacking = required || !gone || !isNone(before);
      if (lacking) {
        (required ? bad : doubtful).add(name + (gone ? " is missing" : " is no number"));
      }
      String result = gone ? "missing" : "no number";
      row(name, direction, before, after, lacking ? result : NOT_JUDGED);
    } else if (isNone(before)) {
      if (required) {
        doubtful.add("live has no " + name + " to compare with");
      }
      row(name, direction, before, after, NOT_JUDGED);
    } else {
      judge(name, direction, before, after);
    }
  }

  private static boolean isNone(Double value) {
    return value == null || value.isNaN();
  }

  private void judge(String name, Direction direction, double before, double after) {
    double loss = direction == Direction.HIGHER ? before - after : after - before;
    double allowed = thresholds.getOrDefault(name, Math.abs(before) * SLACK);
    boolean isWorse = loss > allowed;
    row(name, direction, before, after, isWorse ? "worse" : "as good or better")
        .put("may_be_worse_by", allowed);
    judged++;
    if (isWorse) {
      bad.add(String.format(Locale.ROOT, "%s is %.6g, live has %.6g", name, after, before));
    }
  }

  private Map<String, Object> row(
      String name, Direction direction, Double live, Double version, String result) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("metric", name);
    row.put("better", direction.name().toLowerCase(Locale.ROOT));
    if (live != null) {
      row.put("live", live);
    }
    if (version != null) {
      row.put("version", version);
    }
    row.put("result", result);
    rows.add(row);
    return row;
  }

  /** @param otherData names of data sets that both runs read and that were not the same */
  Finding finding(List<String> otherData) {
    Map<String, Object> data = Map.of("metrics", rows, "other_data", otherData);
    if (!bad.isEmpty()) {
      return Finding.red(join(bad.stream()), data);
    }
    Stream<String> others = otherData.isEmpty()
        ? Stream.of()
        : Stream.of("measured on other data than live: " + String.join(", ", otherData));
    if (!doubtful.isEmpty() || !otherData.isEmpty()) {
      return Finding.warning(join(Stream.concat(others, doubtful.stream())), data);
    }
    return judged == 0
        ? Finding.warning("the two runs have no metric in common that can be judged", data)
        : Finding.green(
            judged + (judged == 1 ? " metric is" : " metrics are") + " as good as live's or better",
            data);
  }

  private static String join(Stream<String> parts) {
    return parts.collect(Collectors.joining("; "));
  }
}
