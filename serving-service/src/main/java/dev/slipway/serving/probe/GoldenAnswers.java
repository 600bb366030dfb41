package dev.slipway.serving.probe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.job.Finding;
import dev.slipway.serving.engine.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a version's answers agree with those that its author expects. A policy's tolerance ({@code rtol}, {@code atol}) goes before the
 * files' own.
 */
final class GoldenAnswers {
  private static final double RTOL = 1e-3;
  private static final double ATOL = 1e-5;
  private static final int SHOWN = 10;

  private final Map<String, String> policy;
  private final List<Disagreement> found = new ArrayList<>();
  private int cases;
  private long elements;

  GoldenAnswers(Map<String, String> policy) {
    this.policy = policy;
  }

  /** One element that is not as expected. */
  private record Disagreement(
      String where, int index, Object expected, Object actual, double distance) {
    Map<String, Object> shown() {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("where", where);
      shown.put("index", index);
      shown.put("expected", expected.toString());
      shown.put("actual", actual.toString());
      if (distance < Double.MAX_VALUE) {
        shown.put("off_by", distance);
      }
      return shown;
    }
  }

  /** How far an answer may be off. */
  private record Tolerance(double rtol, double atol) {
    /** 0 when they agree. */
    double distance(JsonNode expected, Object actual) {
      if (!(actual instanceof Number number)) {
        boolean same = actual instanceof Boolean flag
            ? expected.asBoolean() == flag
            : Objects.equals(expected.asText(), actual);
        return same ? 0 : Double.MAX_VALUE;
      }
      double wanted =
          expected.isTextual() ? Double.parseDouble(expected.asText()) : expected.asDouble();
      double off = Math.abs(wanted - number.doubleValue());
      if (Double.compare(wanted, number.doubleValue()) == 0
          || off <= atol + rtol * Math.abs(wanted)) {
        return 0;
      }
      return Double.isNaN(off) ? Double.MAX_VALUE : off;
    }
  }

  /** @throws IllegalArgumentException when the file expects what the model does not give; the message says what */
  void compare(GoldenCase golden, List<Tensor> outputs) {
    var tolerance =
        new Tolerance(limit("rtol", golden.rtol(), RTOL), limit("atol", golden.atol(), ATOL));
    cases++;
    for (JsonNode expected : golden.outputs()) {
      elements += compare(golden.name(), expected, outputs, tolerance);
    }
  }

  private double limit(String name, double ofFile, double otherwise) {
    String ofPolicy = policy.get(name);
    if (ofPolicy != null) {
      return Double.parseDouble(ofPolicy);
    }
    return Double.isNaN(ofFile) ? otherwise : ofFile;
  }

  private int compare(String name, JsonNode expected, List<Tensor> outputs, Tolerance tolerance) {
    String output = expected.path("name").asText();
    Tensor tensor = outputs.stream()
        .filter(it -> it.name().equals(output))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            name + " expects an output '" + output + "', which the model has not"));
    List<JsonNode> wanted = TensorJson.flat(expected.path("data"));
    List<Object> actual = TensorJson.elements(tensor);
    if (wanted.size() != actual.size()) {
      throw new IllegalArgumentException(name + " expects " + wanted.size() + " elements of '"
          + output + "', and the model gives " + actual.size());
    }
    for (int i = 0; i < wanted.size(); i++) {
      double distance = tolerance.distance(wanted.get(i), actual.get(i));
      if (distance > 0) {
        found.add(new Disagreement(
            name + " " + output, i, wanted.get(i).asText(), actual.get(i), distance));
      }
    }
    return wanted.size();
  }

  Finding finding() {
    List<Map<String, Object>> top = found.stream()
        .sorted(Comparator.comparingDouble(Disagreement::distance).reversed())
        .limit(SHOWN)
        .map(Disagreement::shown)
        .toList();
    Map<String, Object> data =
        Map.of("cases", cases, "elements", elements, "disagreements", found.size(), "top", top);
    return found.isEmpty()
        ? Finding.green(
            cases + (cases == 1 ? " golden case agrees, " : " golden cases agree, ") + elements
                + " values",
            data)
        : Finding.red(
            found.size() + " of " + elements + " golden values disagree, first "
                + top.getFirst().get("where") + "[" + top.getFirst().get("index") + "]: expected "
                + top.getFirst().get("expected") + ", got " + top.getFirst().get("actual"),
            data);
  }
}
