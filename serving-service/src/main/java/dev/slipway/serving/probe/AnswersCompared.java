package dev.slipway.serving.probe;

import dev.slipway.serving.engine.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How two versions' answers to the same requests differ: counts, distances, and the values that are farthest apart. */
final class AnswersCompared {
  private static final int SHOWN = 10;

  private final double rtol;
  private final double atol;
  private final List<Apart> worst = new ArrayList<>();
  private int agreeing;
  private int differing;
  private int failures;
  private int skipped;
  private long values;
  private double distance;
  private double farthest;

  AnswersCompared(double rtol, double atol) {
    this.rtol = rtol;
    this.atol = atol;
  }

  /**
   * One value.
   *
   * @param off how far apart; infinite for what is no number or not there
   */
  private record Apart(
      int request, String output, int index, Object live, Object version, double off) {
    Map<String, Object> shown() {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("request", request);
      shown.put("output", output);
      shown.put("index", index);
      shown.put("live", String.valueOf(live));
      shown.put("version", String.valueOf(version));
      if (Double.isFinite(off)) {
        shown.put("off_by", off);
      }
      return shown;
    }
  }

  /** @param number of the request, for the reader */
  void add(int number, List<Tensor> live, List<Tensor> version) {
    Map<String, Tensor> others = new HashMap<>();
    version.forEach(tensor -> others.put(tensor.name(), tensor));
    boolean differs = false;
    for (Tensor one : live) {
      Tensor other = others.get(one.name());
      differs |= other == null
          ? apart(new Apart(number, one.name(), 0, "there", "gone", Double.POSITIVE_INFINITY))
          : differ(number, one, other);
    }
    if (differs) {
      differing++;
    } else {
      agreeing++;
    }
  }

  /** The version did not answer what the live one answered. */
  void failed() {
    failures++;
  }

  /** Neither answered. */
  void skipped() {
    skipped++;
  }

  private boolean differ(int number, Tensor one, Tensor other) {
    List<Object> before = TensorJson.elements(one);
    List<Object> after = TensorJson.elements(other);
    if (before.size() != after.size()) {
      return apart(new Apart(
          number,
          one.name(),
          0,
          before.size() + " values",
          after.size() + " values",
          Double.POSITIVE_INFINITY));
    }
    boolean differs = false;
    for (int i = 0; i < before.size(); i++) {
      double off = off(before.get(i), after.get(i));
      values++;
      if (Double.isFinite(off)) {
        distance += off;
        farthest = Math.max(farthest, off);
      }
      double allowed =
          before.get(i) instanceof Number wanted ? atol + rtol * Math.abs(wanted.doubleValue()) : 0;
      if (!(off <= allowed)) {
        differs |= apart(new Apart(number, one.name(), i, before.get(i), after.get(i), off));
      }
    }
    return differs;
  }

  /** 0 for equal ones, two NaN among them. */
  private static double off(Object one, Object other) {
    if (one instanceof Number before && other instanceof Number after) {
      if (Double.compare(before.doubleValue(), after.doubleValue()) == 0) {
        return 0;
      }
      double off = Math.abs(before.doubleValue() - after.doubleValue());
      return Double.isNaN(off) ? Double.POSITIVE_INFINITY : off;
    }
    return Objects.equals(one, other) ? 0 : Double.POSITIVE_INFINITY;
  }

  private boolean apart(Apart value) {
    worst.add(value);
    if (worst.size() > 2 * SHOWN) {
      List<Apart> kept = top();
      worst.clear();
      worst.addAll(kept);
    }
    return true;
  }

  private List<Apart> top() {
    return worst.stream()
        .sorted(Comparator.comparingDouble(Apart::off).reversed())
        .limit(SHOWN)
        .toList();
  }

  int agreeing() {
    return agreeing;
  }

  int failures() {
    return failures;
  }

  /** Requests that the live version answered. */
  int count() {
    return agreeing + differing + failures;
  }

  double share() {
    return count() == 0 ? 0 : (double) agreeing / count();
  }

  /** No input, and nothing that one can be read from but the answers that are shown. */
  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("requests", count());
    data.put("agreeing_share", share());
    data.put("not_answered", failures);
    data.put("not_answered_by_live", skipped);
    data.put("mean_distance", values == 0 ? 0 : distance / values);
    data.put("largest_distance", farthest);
    data.put("top", top().stream().map(Apart::shown).toList());
    return data;
  }
}
