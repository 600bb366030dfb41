package dev.slipway.registry.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** When a delivery that failed is tried again: soon at first, as MLflow does, then patiently, as the outbox forgets nothing. */
final class RetrySchedule {
  private static final List<Duration> WAITS = List.of(
      Duration.ofSeconds(1),
      Duration.ofSeconds(2),
      Duration.ofSeconds(4),
      Duration.ofSeconds(15),
      Duration.ofMinutes(1),
      Duration.ofMinutes(5),
      Duration.ofMinutes(30),
      Duration.ofHours(2));
  private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(2);
  /** The statuses that MLflow tries again. */
  private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429, 500, 502, 503, 504);

  private RetrySchedule() {}

  /** Whether an answer of this status may become a better one; 0 stands for no answer at all. */
  static boolean isTransient(int status) {
    return status == 0 || TRANSIENT.contains(status);
  }

  /**
   * @param attempts made so far, at least one
   * @param jitter 0 to 1: up to a fifth more, so that receivers are not met by all at once
   * @param askedFor the receiver's Retry-After; null for none
   * @return empty when it is given up
   */
  static Optional<Duration> next(int attempts, double jitter, Duration askedFor) {
    if (attempts > WAITS.size()) {
      return Optional.empty();
    }
    Duration planned = WAITS.get(attempts - 1);
    Duration wait = planned.plusMillis((long) (planned.toMillis() * 0.2 * jitter));
    if (askedFor != null && askedFor.compareTo(wait) > 0) {
      return Optional.of(askedFor.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : askedFor);
    }
    return Optional.of(wait);
  }
}
