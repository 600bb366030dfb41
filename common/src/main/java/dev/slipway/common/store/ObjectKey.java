package dev.slipway.common.store;

import java.util.regex.Pattern;

/** The one rule for keys and prefixes, the same for every store: what is a key here is a safe file path and a plain URL. */
final class ObjectKey {
  private static final int MAX_LENGTH = 512;
  private static final int MAX_SEGMENT = 200;
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_=-][A-Za-z0-9._=-]*(/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*");
  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_=-][A-Za-z0-9._=-]*/?)*");

  private ObjectKey() {}

  /** Answers {@code key}, or throws {@link IllegalArgumentException} saying what a key may be. */
  static String require(String key) {
    if (key == null
        || key.length() > MAX_LENGTH
        || !KEY.matcher(key).matches()
        || hasLongSegment(key)) {
      throw new IllegalArgumentException(
          "an object key is 1 to 512 letters, digits and . _ = - in segments of at most 200 that '/' separates"
              + " and that do not begin with a dot: '" + key + "'");
    }
    return key;
  }

  /** Answers {@code prefix}: the beginning of a key, or empty. */
  static String requirePrefix(String prefix) {
    if (prefix == null
        || prefix.length() > MAX_LENGTH
        || !PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("no object key begins with '" + prefix + "'");
    }
    return prefix;
  }

  private static boolean hasLongSegment(String key) {
    for (String segment : key.split("/")) {
      if (segment.length() > MAX_SEGMENT) {
        return true;
      }
    }
    return false;
  }
}
