package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.review.ApplyMode;
import dev.slipway.registry.review.CodeBearing;
import dev.slipway.registry.review.PolicyGroup;
import dev.slipway.registry.review.PolicyMode;
import dev.slipway.registry.review.PolicyRules;
import dev.slipway.registry.review.PolicyRules.MoveRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A policy as the fields of a form, by their names: what stands in them, and what of it is not understood. A field of a stage is called
 * by the stage and its own name.
 */
final class PolicyFields {
  static final List<Stage> STAGES =
      List.of(Stage.PRODUCTION, Stage.STAGING, Stage.ARCHIVED, Stage.NONE);
  static final String GROUP = "group_name";
  static final String PREFIX = "name_prefix";
  static final String TAG = "tag_key";
  static final String TAG_VALUE = "tag_value";
  private static final String NONE = "";
  private static final Map<String, String> LABELS = Map.ofEntries(
      Map.entry("mode", "Mode"),
      Map.entry("rollback_approvals", "Approvals of a rollback"),
      Map.entry("bypass_roles", "Bypass"),
      Map.entry("protected_aliases", "Protected aliases"),
      Map.entry("approvals", "approvals"),
      Map.entry("limits", "limits"),
      Map.entry("expires", "a request ends after"),
      Map.entry("code", "files that bear code"),
      Map.entry(GROUP, "Name of the group"),
      Map.entry(PREFIX, "Its models"),
      Map.entry(TAG_VALUE, "Value of the tag"));

  private final Map<String, List<String>> values;
  private final Map<String, String> errors = new LinkedHashMap<>();

  private PolicyFields(Map<String, List<String>> values) {
    this.values = values;
  }

  /** What somebody filled in. */
  static PolicyFields typed(Map<String, List<String>> form) {
    return new PolicyFields(form);
  }

  /** The form filled in with {@code rules}. */
  static PolicyFields of(PolicyRules rules) {
    var fields = new PolicyFields(new HashMap<>());
    fields.put("mode", rules.mode().label());
    fields.put("rollback_approvals", Integer.toString(rules.rollbackApprovals()));
    fields.put("bypass_roles", labels(rules.bypassRoles()));
    fields.put("protected_aliases", sorted(rules.protectedAliases()));
    STAGES.forEach(stage -> fields.fill(stage, rules.moves().get(stage)));
    return fields;
  }

  static String name(Stage stage, String field) {
    return stage.label().toLowerCase(Locale.ROOT) + "." + field;
  }

  /** What a field is called on the page. */
  static String label(String field) {
    int dot = field.indexOf('.');
    return dot < 0
        ? LABELS.get(field)
        : "To " + field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1, dot) + ", "
            + LABELS.get(field.substring(dot + 1));
  }

  String value(String field) {
    return values.getOrDefault(field, List.of()).stream()
        .findFirst()
        .orElse(NONE)
        .strip();
  }

  Set<String> all(String field) {
    return new LinkedHashSet<>(values.getOrDefault(field, List.of()));
  }

  /** What is wrong with the fields, in their order; known once {@link #rules} has been called. */
  Map<String, String> errors() {
    return errors;
  }

  /** What the fields say; null when one of them is not understood. */
  PolicyRules rules() {
    errors.clear();
    PolicyMode mode =
        ask("mode", "Choose whether stages are reviewed", () -> PolicyMode.of(value("mode")));
    Map<Stage, MoveRule> moves = new LinkedHashMap<>();
    for (Stage stage : STAGES) {
      MoveRule rule = rule(stage);
      boolean usual = stage == Stage.PRODUCTION || stage == Stage.STAGING;
      if (rule != null && (usual || !rule.needsNothing())) {
        moves.put(stage, rule);
      }
    }
    Integer rollback = approvals("rollback_approvals");
    Set<Role> bypass = ask("bypass_roles", "Choose among the roles", () -> roles("bypass_roles"));
    Set<String> aliases = words(value("protected_aliases"));
    return errors.isEmpty() ? new PolicyRules(mode, moves, rollback, false, bypass, aliases) : null;
  }

  /** These fields, and those that say which models the group has; null for no models yet. */
  PolicyFields of(PolicyGroup group) {
    if (group != null) {
      put(GROUP, group.name());
      put(PREFIX, orNone(group.namePrefix()));
      put(TAG, orNone(group.tagKey()));
      put(TAG_VALUE, orNone(group.tagValue()));
    }
    return this;
  }

  /**
   * The models that the fields choose; null, beside an error, when they choose none. To be asked after {@link #rules}, which
   * forgets the errors.
   *
   * @param known the group's name; null where it is a field
   */
  PolicyGroup group(String known) {
    String name = known == null ? value(GROUP) : known;
    String prefix = value(PREFIX);
    String tag = value(TAG);
    String tagged = value(TAG_VALUE);
    if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
      errors.put(GROUP, "Enter 1 to 100 letters, digits, dots, hyphens or underscores");
    }
    if (prefix.isEmpty() == tag.isEmpty()) {
      errors.put(PREFIX, "Fill in either how their names start, or the tag that they have");
    } else if (tag.isEmpty() && !tagged.isEmpty()) {
      errors.put(TAG_VALUE, "Enter the tag too, or leave its value empty");
    }
    return errors.isEmpty()
        ? new PolicyGroup(name, orNull(prefix), orNull(tag), orNull(tagged))
        : null;
  }

  private void fill(Stage stage, MoveRule stored) {
    MoveRule rule = stored == null ? MoveRule.none() : stored;
    put(name(stage, "approvals"), Integer.toString(rule.approvals()));
    put(name(stage, "roles"), labels(rule.roles()));
    values.put(name(stage, "uploader"), rule.uploaderMayApprove() ? List.of("counts") : List.of());
    values.put(name(stage, "checks"), rule.checks().stream().sorted().toList());
    put(name(stage, "limits"), PolicyLimits.text(rule));
    put(name(stage, "reporters"), labels(rule.reporters()));
    put(name(stage, "expires"), TimeSpan.text(rule.expiresAfter()));
    put(name(stage, "apply"), rule.apply().label());
    put(
        name(stage, "code"),
        rule.codeBearing() == null ? NONE : rule.codeBearing().label());
  }

  private MoveRule rule(Stage stage) {
    Integer approvals = approvals(name(stage, "approvals"));
    Set<String> checks = new LinkedHashSet<>(all(name(stage, "checks")));
    checks.addAll(words(value(name(stage, "other"))));
    Map<String, Map<String, Double>> limits = limits(name(stage, "limits"));
    String code = value(name(stage, "code"));
    String apply = value(name(stage, "apply"));
    Duration expires = expires(name(stage, "expires"));
    if (approvals == null || limits == null || errors.containsKey(name(stage, "expires"))) {
      return null;
    }
    return ask(
        name(stage, "code"),
        "Choose one of the answers; where the limits above name code_files, they must say the same",
        () -> new MoveRule(
            approvals,
            roles(name(stage, "roles")),
            checks,
            limits,
            roles(name(stage, "reporters")),
            all(name(stage, "uploader")).contains("counts"),
            expires,
            apply.isEmpty() ? null : ApplyMode.of(apply),
            code.isEmpty() ? null : CodeBearing.of(code)));
  }

  private Integer approvals(String field) {
    return ask(field, "Enter a whole number from 0 to " + PolicyRules.MAX_APPROVALS, () -> {
      String text = value(field);
      int count = text.isEmpty() ? 0 : Integer.parseInt(text);
      return new MoveRule(count, null).approvals();
    });
  }

  private Duration expires(String field) {
    return ask(
        field,
        "Enter a time such as 7 days, 12 hours or 90 minutes, at most ten years; leave it empty for no end",
        () -> {
          Duration span = TimeSpan.read(value(field));
          return new MoveRule(0, null, null, null, null, null, span, null, null).expiresAfter();
        });
  }

  private Map<String, Map<String, Double>> limits(String field) {
    try {
      return PolicyLimits.read(value(field));
    } catch (IllegalArgumentException wrong) {
      errors.put(field, wrong.getMessage());
      return null;
    }
  }

  private Set<Role> roles(String field) {
    return all(field).stream().map(Role::of).collect(Collectors.toSet());
  }

  /** Null, and an error, where {@code answer} is refused. */
  private <T> T ask(String field, String otherwise, Supplier<T> answer) {
    try {
      return answer.get();
    } catch (IllegalArgumentException refused) {
      errors.put(field, otherwise);
      return null;
    }
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+"))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void put(String field, String value) {
    values.put(field, List.of(value));
  }

  private void put(String field, List<String> several) {
    values.put(field, several);
  }

  private static String orNone(String text) {
    return text == null ? NONE : text;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static List<String> labels(Collection<Role> roles) {
    return roles.stream().sorted().map(Role::label).toList();
  }

  private static String sorted(Collection<String> names) {
    return String.join(", ", new ArrayList<>(new TreeSet<>(names)));
  }
}
