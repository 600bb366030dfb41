package dev.slipway.serving.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When the registry was last heard from. Each answer to the long poll counts; between those, which may be 30 s apart, an
 * answered report counts as long as the poll is not failing. Thread-safe.
 */
final class RegistryContact {
  private final Duration tolerance;
  private volatile Instant lastHeard;
  private volatile String trouble;

  /**
   * @param tolerance silence that is nothing to speak of
   * @param lastHeard the time that the saved feed was last known to hold
   */
  RegistryContact(Duration tolerance, Instant lastHeard) {
    this.tolerance = tolerance;
    this.lastHeard = lastHeard;
  }

  /** The feed was answered, or is unchanged. True when that ends a trouble. */
  synchronized boolean heard(Instant now) {
    boolean recovered = trouble != null;
    trouble = null;
    lastHeard = now;
    return recovered;
  }

  /** The feed was not answered. True when this begins a trouble. */
  synchronized boolean failed(String why) {
    boolean begins = trouble == null;
    trouble = why;
    return begins;
  }

  synchronized void reportAnswered(Instant now) {
    if (trouble == null) {
      lastHeard = now;
    }
  }

  Instant lastHeard() {
    return lastHeard;
  }

  /** What is wrong with the feed's poll; empty when nothing is. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Since when nothing was heard, if that is longer than tolerated. */
  Optional<Instant> staleSince(Instant now) {
    Instant heard = lastHeard;
    return Duration.between(heard, now).compareTo(tolerance) > 0
        ? Optional.of(heard)
        : Optional.empty();
  }

  /** How long ago the registry was heard from. */
  Duration lag(Instant now) {
    Duration lag = Duration.between(lastHeard, now);
    return lag.isNegative() ? Duration.ZERO : lag;
  }
}
