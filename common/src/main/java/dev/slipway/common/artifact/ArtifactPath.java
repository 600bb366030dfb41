package dev.slipway.common.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The path of a file inside a version's or a run's folder: relative, '/'-separated, no empty segment, no "." or "..", no
 * backslash, no control character, no half of a surrogate pair (it has no UTF-8 form), at most 1,024 characters and 255 bytes a segment.
 *
 * @throws IllegalArgumentException when the path breaks a rule; the message says which
 */
public record ArtifactPath(@JsonValue String value) implements Comparable<ArtifactPath> {
  public static final int MAX_LENGTH = 1024;

  @JsonCreator
  public ArtifactPath {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("an artifact path cannot be empty");
    }
    if (value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an artifact path has at most " + MAX_LENGTH + " characters");
    }
    if (value.indexOf('\\') >= 0 || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "an artifact path cannot contain a backslash or control characters");
    }
    if (value.codePoints().anyMatch(ArtifactPath::isSurrogate)) {
      throw new IllegalArgumentException("an artifact path cannot contain half of a character");
    }
    for (String segment : value.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException(
            "an artifact path is relative and has no empty, '.' or '..' segment: '" + value + "'");
      }
      if (segment.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 255) {
        throw new IllegalArgumentException("a segment of an artifact path has at most 255 bytes");
      }
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  @Override
  public int compareTo(ArtifactPath other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
