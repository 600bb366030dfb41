package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.review.ApplyMode;
import dev.slipway.registry.review.PolicyRules;
import dev.slipway.registry.review.PolicyRules.MoveRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A policy as people say it. */
final class PolicyWords {
  private static final String NOTHING = "nothing";

  private PolicyWords() {}

  /** {@code text} with a capital and a full stop. */
  static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT)
        + text.substring(1)
        + (text.endsWith(".") ? "" : ".");
  }

  /** In a line. */
  static String line(PolicyRules rules) {
    if (rules.isOpen()) {
      return "open: stages are labels, every move is made at once";
    }
    MoveRule production = rules.moves().get(Stage.PRODUCTION);
    return "reviewed: Production needs "
        + (production == null ? NOTHING : needs(production))
        + "; a rollback needs "
        + (rules.rollbackApprovals() == 0 ? NOTHING : approvals(rules.rollbackApprovals()));
  }

  /** Rule by rule. */
  static List<ModelBoard.Pair> of(PolicyRules rules) {
    List<ModelBoard.Pair> words = new ArrayList<>();
    if (rules.isOpen()) {
      add(words, "Mode", "open: stages are labels, every move is made at once by everybody");
      return words;
    }
    add(words, "Mode", "reviewed");
    for (Stage stage : List.of(Stage.STAGING, Stage.PRODUCTION, Stage.ARCHIVED, Stage.NONE)) {
      MoveRule rule = rules.moves().get(stage);
      if (rule != null) {
        add(words, "To " + stage.label(), move(rule));
      }
    }
    add(
        words,
        "Rollback",
        rules.rollbackApprovals() == 0
            ? "at once, without approval"
            : "needs " + approvals(rules.rollbackApprovals()));
    add(
        words,
        "Bypass",
        rules.bypassRoles().isEmpty() ? "nobody may" : "by " + roles(rules.bypassRoles()));
    if (!rules.protectedAliases().isEmpty()) {
      add(words, "Protected aliases", list(rules.protectedAliases()));
    }
    return words;
  }

  static String move(MoveRule rule) {
    List<String> parts = new ArrayList<>();
    parts.add("needs " + needs(rule));
    if (rule.approvals() > 0) {
      parts.add("approved by " + roles(rule.roles()));
      parts.add(
          rule.uploaderMayApprove()
              ? "the uploader's approval counts"
              : "the uploader's approval does not count");
    }
    if (rule.codeBearing() != null) {
      parts.add("files that bear code are " + rule.codeBearing().label());
    }
    new TreeMap<>(rule.thresholds())
        .forEach((check, limits) -> parts.add(check + " is judged by "
            + new TreeMap<>(limits)
                .entrySet().stream()
                    .map(it -> it.getKey() + " " + Chart.number(it.getValue()))
                    .collect(Collectors.joining(", "))));
    if (!rule.reporters().isEmpty()) {
      parts.add("checks are reported by " + roles(rule.reporters()));
    }
    if (rule.expiresAfter() != null) {
      parts.add("a request ends after " + span(rule.expiresAfter()));
    }
    if (rule.apply() == ApplyMode.BY_HAND) {
      parts.add("a complete request waits for a person");
    }
    return String.join("; ", parts);
  }

  private static String needs(MoveRule rule) {
    List<String> needed = new ArrayList<>();
    if (rule.approvals() > 0) {
      needed.add(approvals(rule.approvals()));
    }
    if (!rule.checks().isEmpty()) {
      needed.add("green " + list(rule.checks()));
    }
    return needed.isEmpty() ? NOTHING : String.join(" and ", needed);
  }

  private static String approvals(int count) {
    return count + (count == 1 ? " approval" : " approvals");
  }

  private static String roles(Set<Role> roles) {
    List<String> labels = roles.stream().map(Role::label).sorted().toList();
    return labels.size() == 1
        ? labels.getFirst()
        : String.join(", ", labels.subList(0, labels.size() - 1)) + " or " + labels.getLast();
  }

  private static String list(Collection<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }

  private static String span(Duration span) {
    return span.toDays() > 0 && span.equals(Duration.ofDays(span.toDays()))
        ? span.toDays() + (span.toDays() == 1 ? " day" : " days")
        : span.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static void add(List<ModelBoard.Pair> words, String name, String value) {
    words.add(new ModelBoard.Pair(name, value));
  }
}
