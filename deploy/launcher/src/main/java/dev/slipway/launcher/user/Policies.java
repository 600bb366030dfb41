package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One policy, in a few lines. */
final class Policies {
  private Policies() {}

  static void print(JsonNode policy) {
    System.out.println(
        "policy " + policy.path("number") + ", " + policy.path("mode").asText() + ", by "
            + policy.path("created_by").asText() + "  (record " + policy.path("id") + ")");
    System.out.println("  " + policy.path("why").asText());
    if (policy.path("mode").asText().equals("open")) {
      System.out.println("  every move is made at once");
      return;
    }
    policy
        .path("moves")
        .properties()
        .forEach(
            move -> System.out.println("  to " + move.getKey() + ": " + rule(move.getValue())));
    int back = policy.path("rollback_approvals").asInt();
    System.out.println("  rollback: " + (back == 0 ? "at once" : approvals(back)));
    names(policy.path("bypass_roles"), "  bypass by: ");
    names(policy.path("protected_aliases"), "  protected aliases: ");
  }

  /** What each move needs, in a line. */
  static String needs(JsonNode policy) {
    List<String> needs = new ArrayList<>();
    policy
        .path("moves")
        .properties()
        .forEach(move -> needs.add(move.getKey() + ": " + needed(move.getValue())));
    return String.join("; ", needs);
  }

  private static String rule(JsonNode rule) {
    List<String> parts = new ArrayList<>(List.of(needed(rule)));
    if (rule.path("approvals").asInt() > 0) {
      parts.add("by " + join(rule.path("roles"), " or "));
    }
    if (!rule.path("uploader_may_approve").asBoolean(true)) {
      parts.add("not by the uploader");
    }
    if (!rule.path("thresholds").isEmpty()) {
      parts.add("thresholds " + rule.path("thresholds"));
    }
    if (rule.path("code_bearing").isTextual()) {
      parts.add("files that bear code are " + rule.path("code_bearing").asText());
    }
    if (rule.path("expires_after").isTextual()) {
      parts.add("expires after " + rule.path("expires_after").asText());
    }
    if (rule.path("apply").asText().equals("by_hand")) {
      parts.add("applied by hand");
    }
    return String.join("; ", parts);
  }

  private static String needed(JsonNode rule) {
    List<String> parts = new ArrayList<>();
    int count = rule.path("approvals").asInt();
    if (count > 0) {
      parts.add(approvals(count));
    }
    if (!rule.path("checks").isEmpty()) {
      parts.add("green " + join(rule.path("checks"), ", "));
    }
    return parts.isEmpty() ? "nothing" : String.join(" and ", parts);
  }

  private static String approvals(int count) {
    return count + (count == 1 ? " approval" : " approvals");
  }

  private static void names(JsonNode names, String before) {
    if (!names.isEmpty()) {
      System.out.println(before + join(names, ", "));
    }
  }

  private static String join(JsonNode names, String between) {
    List<String> texts = new ArrayList<>();
    names.forEach(name -> texts.add(name.asText()));
    return String.join(between, texts.stream().sorted().toList());
  }
}
