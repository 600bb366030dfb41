package dev.slipway.registry.web;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: "7 days", "12 hours", "90 minutes"; others as ISO 8601 has them. */
final class TimeSpan {
  private static final Pattern WORDS = Pattern.compile("(?<count>\\d{1,9}) *(?<unit>[dhm])[a-z]*");

  private TimeSpan() {}

  /** Empty for null. */
  static String text(Duration span) {
    if (span == null) {
      return "";
    }
    if (span.equals(Duration.ofDays(span.toDays()))) {
      return counted(span.toDays(), "day");
    }
    if (span.equals(Duration.ofHours(span.toHours()))) {
      return counted(span.toHours(), "hour");
    }
    return span.equals(Duration.ofMinutes(span.toMinutes()))
        ? counted(span.toMinutes(), "minute")
        : span.toString();
  }

  /**
   * Null for the empty text.
   *
   * @throws IllegalArgumentException when it is no span of time
   */
  static Duration read(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (lower.isEmpty()) {
      return null;
    }
    Matcher words = WORDS.matcher(lower);
    if (words.matches()) {
      long count = Long.parseLong(words.group("count"));
      return switch (words.group("unit")) {
        case "d" -> Duration.ofDays(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofMinutes(count);
      };
    }
    try {
      return Duration.parse(text.strip());
    } catch (DateTimeParseException none) {
      throw new IllegalArgumentException("no span of time: " + text, none);
    }
  }

  private static String counted(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }
}
