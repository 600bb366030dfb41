package dev.slipway.common.name;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a registered model: 1 to 256 characters, Unicode allowed; no '/', no ':' (MLflow, registered model names), no
 * control character, not "." or "..", so that it is one URL path segment and never a path.
 *
 * @throws IllegalArgumentException when the name breaks a rule; the message says which
 */
public record ModelName(@JsonValue String value) implements Comparable<ModelName> {
  public static final int MAX_LENGTH = 256;

  @JsonCreator
  public ModelName {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("a registered model name cannot be empty");
    }
    if (value.codePointCount(0, value.length()) > MAX_LENGTH) {
      throw new IllegalArgumentException("a registered model name has at most " + MAX_LENGTH
          + " characters, this one has " + value.codePointCount(0, value.length()));
    }
    if (value.indexOf('/') >= 0 || value.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a registered model name cannot contain '/' or ':'");
    }
    if (value.equals(".") || value.equals("..")) {
      throw new IllegalArgumentException("a registered model name cannot be '.' or '..'");
    }
    if (value.chars().anyMatch(c -> Character.isISOControl(c)) || hasLoneSurrogate(value)) {
      throw new IllegalArgumentException(
          "a registered model name cannot contain control characters");
    }
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  @Override
  public int compareTo(ModelName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
