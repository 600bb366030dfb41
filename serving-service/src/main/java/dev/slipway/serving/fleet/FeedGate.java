package dev.slipway.serving.fleet;

import dev.slipway.common.feed.Feed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Decides which answers of the registry count. Within an epoch only a higher revision does. A new epoch replaces everything. An
 * epoch that was already replaced is the word of a registry process that has not noticed yet, unless nothing else is heard for a
 * while: then the old database is in use again. Not thread-safe.
 */
final class FeedGate {
  static final Duration OLD_EPOCH_PATIENCE = Duration.ofSeconds(10);

  private final Set<String> replaced = new HashSet<>();
  private final Map<String, Instant> offeredAgain = new HashMap<>();
  private Feed current;

  FeedGate(Feed current) {
    this.current = current;
  }

  Feed current() {
    return current;
  }

  /** The registry says that the current feed is still the one. */
  void confirmed() {
    offeredAgain.clear();
  }

  /** Takes {@code offered} as the current feed, or leaves things as they are and answers false. */
  boolean admit(Feed offered, Instant now) {
    if (offered.epoch().equals(current.epoch())) {
      offeredAgain.clear();
      if (!offered.supersedes(current)) {
        return false;
      }
    } else {
      if (replaced.contains(offered.epoch()) && !insisted(offered.epoch(), now)) {
        return false;
      }
      offeredAgain.clear();
      replaced.remove(offered.epoch());
      replaced.add(current.epoch());
    }
    current = offered;
    return true;
  }

  /** Undoes the last {@link #admit}: what it admitted could not be followed, and may be offered again. */
  void takeBack(Feed before) {
    replaced.remove(before.epoch());
    current = before;
  }

  private boolean insisted(String epoch, Instant now) {
    Instant first = offeredAgain.computeIfAbsent(epoch, ignored -> now);
    return Duration.between(first, now).compareTo(OLD_EPOCH_PATIENCE) >= 0;
  }
}
