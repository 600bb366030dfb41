package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.review.PolicyRules;
import dev.slipway.registry.review.PolicyRules.MoveRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A policy to fill in.
 *
 * @param open whether stages are labels
 * @param modeError empty where the choice is understood; so in each field
 */
public record PolicyForm(
    boolean open,
    String modeError,
    List<OfStage> stages,
    Field rollback,
    List<Choice> bypass,
    Field aliases) {

  /** @param error what is wrong with it; empty for nothing */
  public record Field(String name, String value, String error) {}

  public record Choice(String id, String name, String value, String label, boolean on) {}

  /**
   * What a move into one stage needs.
   *
   * @param summary of what stands in it
   * @param shown whether it stands open
   * @param other checks that Slipway does not make itself
   */
  public record OfStage(
      String stage,
      String summary,
      boolean shown,
      Field approvals,
      List<Choice> roles,
      Choice uploader,
      List<Choice> checks,
      Field other,
      Field limits,
      List<Choice> reporters,
      Field expires,
      boolean byHand,
      String applyName,
      Field code) {}

  /**
   * @param fields what stands in the form
   * @param rules that are in force, for what is in short above each stage
   * @param computed the checks that Slipway makes itself
   */
  static PolicyForm of(PolicyFields fields, PolicyRules rules, Set<String> computed) {
    Map<String, String> errors = fields.errors();
    return new PolicyForm(
        fields.value("mode").equals("open"),
        errors.getOrDefault("mode", ""),
        PolicyFields.STAGES.stream()
            .map(stage -> stage(stage, fields, rules.moves().get(stage), computed))
            .toList(),
        field(fields, "rollback_approvals"),
        roles(fields, "bypass_roles"),
        field(fields, "protected_aliases"));
  }

  private static OfStage stage(
      Stage stage, PolicyFields fields, MoveRule rule, Set<String> computed) {
    String checks = PolicyFields.name(stage, "checks");
    Set<String> others = new TreeSet<>(fields.all(checks));
    others.removeAll(computed);
    String typed = fields.value(PolicyFields.name(stage, "other"));
    boolean wrong = fields.errors().keySet().stream()
        .anyMatch(it -> it.startsWith(PolicyFields.name(stage, "")));
    String uploader = PolicyFields.name(stage, "uploader");
    return new OfStage(
        stage.label(),
        rule == null || rule.needsNothing() ? "needs nothing" : PolicyWords.move(rule),
        wrong || stage == Stage.PRODUCTION,
        field(fields, PolicyFields.name(stage, "approvals")),
        roles(fields, PolicyFields.name(stage, "roles")),
        choice(uploader, "counts", "The uploader's approval counts too", fields.all(uploader)),
        choices(checks, new TreeSet<>(computed), fields.all(checks)),
        new Field(
            PolicyFields.name(stage, "other"),
            typed.isEmpty() ? String.join(", ", others) : typed,
            ""),
        field(fields, PolicyFields.name(stage, "limits")),
        roles(fields, PolicyFields.name(stage, "reporters")),
        field(fields, PolicyFields.name(stage, "expires")),
        fields.value(PolicyFields.name(stage, "apply")).equals("by_hand"),
        PolicyFields.name(stage, "apply"),
        field(fields, PolicyFields.name(stage, "code")));
  }

  static Field field(PolicyFields fields, String name) {
    return new Field(name, fields.value(name), fields.errors().getOrDefault(name, ""));
  }

  private static List<Choice> roles(PolicyFields fields, String name) {
    List<String> labels = Arrays.stream(Role.values()).map(Role::label).toList();
    return choices(name, labels, fields.all(name));
  }

  private static List<Choice> choices(String name, Collection<String> values, Set<String> on) {
    List<Choice> choices = new ArrayList<>();
    values.forEach(value -> choices.add(choice(name, value, value, on)));
    return choices;
  }

  private static Choice choice(String name, String value, String label, Set<String> on) {
    return new Choice(name + "." + value, name, value, label, on.contains(value));
  }
}
