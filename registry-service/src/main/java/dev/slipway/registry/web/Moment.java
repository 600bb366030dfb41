package dev.slipway.registry.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** A time as a page shows it: how long ago, or the day where that is long ago, and the absolute one in UTC beside it. */
public record Moment(String iso, String utc, String ago) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private static final Duration LONG = Duration.ofDays(60);
  private static final int DAY = "2026-01-01".length();

  static Moment of(Instant at, Instant now) {
    return new Moment(
        at.truncatedTo(ChronoUnit.SECONDS).toString(),
        UTC.format(at),
        ago(at, Duration.between(at, now)));
  }

  private static String ago(Instant at, Duration since) {
    if (since.compareTo(LONG) > 0) {
      return UTC.format(at).substring(0, DAY);
    }
    if (since.toMinutes() < 1) {
      return "just now";
    }
    if (since.toHours() < 1) {
      return count(since.toMinutes(), "minute");
    }
    return since.toDays() < 1 ? count(since.toHours(), "hour") : count(since.toDays(), "day");
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s") + " ago";
  }
}
