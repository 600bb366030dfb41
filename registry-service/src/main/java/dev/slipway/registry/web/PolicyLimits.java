package dev.slipway.registry.web;

import dev.slipway.registry.review.CodeBearing;
import dev.slipway.registry.review.PolicyRules.MoveRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the checks of a move compare with, one limit a line: {@code latency: ratio = 1.2}. */
final class PolicyLimits {
  private static final String CHECK_OF_FILES = "artifact-safety";
  private static final String CODE_FILES = "code_files";
  private static final Pattern LINE =
      Pattern.compile("(?<check>[^:]+):(?<figure>.+)=(?<limit>[^=]+)");

  private PolicyLimits() {}

  static String text(MoveRule rule) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(rule.thresholds())
        .forEach((check, limits) -> new TreeMap<>(limits).forEach((figure, limit) -> {
          if (!isSaidByChoice(rule.codeBearing(), check, figure)) {
            lines.add(check + ": " + figure + " = " + number(limit));
          }
        }));
    return String.join("\n", lines);
  }

  /** @throws IllegalArgumentException when a line is none; the message says which, and what one is like */
  static Map<String, Map<String, Double>> read(String text) {
    Map<String, Map<String, Double>> limits = new LinkedHashMap<>();
    String[] lines = text.split("\\R");
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        Matcher line = LINE.matcher(lines[i]);
        Double limit = line.matches() ? limit(line.group("limit")) : null;
        if (limit == null) {
          throw new IllegalArgumentException(
              "Line " + (i + 1)
                  + " is no limit: write the check, the figure and a number, as in latency: ratio = 1.2");
        }
        limits
            .computeIfAbsent(line.group("check").strip(), check -> new LinkedHashMap<>())
            .put(line.group("figure").strip(), limit);
      }
    }
    return limits;
  }

  /** The choice about files that bear code sets this limit itself. */
  private static boolean isSaidByChoice(CodeBearing choice, String check, String figure) {
    return choice != null && check.equals(CHECK_OF_FILES) && figure.equals(CODE_FILES);
  }

  private static Double limit(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      return Double.isFinite(value) ? value : null;
    } catch (NumberFormatException none) {
      return null;
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
