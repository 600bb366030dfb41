package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.regex.Pattern;

/**
 * Models that share a policy: those whose name starts with {@code namePrefix}, or those that carry the tag.
 *
 * @param name of the group
 * @param namePrefix null where a tag selects
 * @param tagKey null where a prefix selects
 * @param tagValue null for any value
 */
public record PolicyGroup(
    @JsonProperty(access = JsonProperty.Access.READ_ONLY) String name,
    String namePrefix,
    String tagKey,
    String tagValue) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final int MAX_LENGTH = 250;

  /** @throws Invalid when it is no group; the message says what one is */
  void requireValid() {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new Invalid("a group has a name of 1 to 100 letters, digits, '.', '_' or '-'");
    }
    boolean byName = isFilled(namePrefix);
    boolean byTag = isFilled(tagKey);
    if (byName == byTag
        || (byName && (tagKey != null || tagValue != null))
        || (byTag && namePrefix != null)
        || (tagValue != null && !isText(tagValue))) {
      throw new Invalid(
          "a group is its models' name_prefix, or a tag_key with or without a tag_value");
    }
  }

  /** Whether a model that {@code other} selects, or will select, can be under this group instead. */
  boolean canTakeFrom(PolicyGroup other) {
    if (other.namePrefix != null) {
      return namePrefix != null && namePrefix.startsWith(other.namePrefix);
    }
    // A prefix comes before every tag; of two tags a model can have both, unless they are two
    // values of one key.
    boolean exclusive = other.tagKey.equals(tagKey)
        && tagValue != null
        && other.tagValue != null
        && !tagValue.equals(other.tagValue);
    return !exclusive;
  }

  /** Which models it holds for, in a line for people. */
  public String why() {
    if (namePrefix != null) {
      return "the model's name starts with '" + namePrefix + "'";
    }
    return "the model has the tag '" + tagKey + (tagValue == null ? "'" : "' = '" + tagValue + "'");
  }

  private static boolean isFilled(String text) {
    return text != null && !text.isBlank() && isText(text);
  }

  private static boolean isText(String text) {
    return text.length() <= MAX_LENGTH && text.indexOf('\0') < 0;
  }
}
