package dev.slipway.registry.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** A time as a page shows it: how long ago, and the absolute one in UTC beside it. */
public record Moment(String iso, String utc, String ago) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  static Moment of(Instant at, Instant now) {
    return new Moment(
        at.truncatedTo(ChronoUnit.SECONDS).toString(),
        UTC.format(at),
        ago(Duration.between(at, now)));
  }

  private static String ago(Duration since) {
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
