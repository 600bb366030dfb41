package dev.slipway.registry.model;

import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.Map;
import java.util.regex.Pattern;

/** What names, tags and aliases may look like; limits and reserved words are MLflow's (validation.py). */
final class ModelRules {
  private static final int MAX_TAG_KEY = 250;
  private static final int MAX_TAG_VALUE = 100_000;
  private static final int MAX_ALIAS = 255;
  private static final int MAX_DESCRIPTION = 100_000;
  private static final Pattern ALIAS =
      Pattern.compile("[\\w\\-]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern VERSION_LIKE = Pattern.compile("[vV]\\d+");

  private ModelRules() {}

  static void tags(Map<String, String> tags) {
    tags.forEach(ModelRules::tag);
  }

  static void tag(String key, String value) {
    if (key == null || key.isBlank() || key.length() > MAX_TAG_KEY || control(key)) {
      throw new Invalid(
          "a tag key has 1 to " + MAX_TAG_KEY + " characters and no control characters");
    }
    if (value == null || value.length() > MAX_TAG_VALUE || value.indexOf('\0') >= 0) {
      throw new Invalid(
          "the value of tag '" + key + "' has at most " + MAX_TAG_VALUE + " characters and no NUL");
    }
  }

  static void alias(String alias) {
    if (alias == null
        || alias.isEmpty()
        || alias.length() > MAX_ALIAS
        || !ALIAS.matcher(alias).matches()) {
      throw new Invalid(
          "invalid-alias",
          "an alias has 1 to " + MAX_ALIAS + " letters, digits, underscores and hyphens");
    }
    if (alias.equalsIgnoreCase("latest")) {
      throw new Invalid("invalid-alias", "'latest' is reserved and cannot be an alias");
    }
    if (VERSION_LIKE.matcher(alias).matches()) {
      throw new Invalid(
          "invalid-alias", "an alias cannot look like a version number ('" + alias + "')");
    }
  }

  static void description(String description) {
    if (description != null
        && (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0)) {
      throw new Invalid("a description has at most " + MAX_DESCRIPTION + " characters and no NUL");
    }
  }

  private static boolean control(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
