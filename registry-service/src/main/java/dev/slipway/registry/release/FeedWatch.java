package dev.slipway.registry.release;

import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.db.Signal;
import dev.slipway.registry.release.FeedRevision.Position;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Wakes those who wait for a feed: by a commit of this process, by a notification from another. A commit of this process comes both
 * ways, and wakes them once.
 */
@ApplicationScoped
class FeedWatch {
  private final Signal signal = new Signal();
  private final AtomicReference<Position> reached = new AtomicReference<>();

  FeedWatch(Notifications notifications) {
    notifications.listen(
        Notifications.Channel.SLIPWAY_FEED,
        told -> Position.read(told).ifPresentOrElse(this::moved, this::raise));
  }

  long count() {
    return signal.count();
  }

  /** The feed may have moved. */
  void raise() {
    signal.raise();
  }

  /** The feed has moved to here, and that is committed. */
  void moved(Position position) {
    Position before = reached.getAndUpdate(known -> position.isReachedBy(known) ? known : position);
    if (!position.isReachedBy(before)) {
      signal.raise();
    }
  }

  /** Whether the feed is known to have moved past {@code position}; false says nothing. */
  boolean isPast(Position position) {
    Position known = reached.get();
    return known != null && !known.isReachedBy(position);
  }

  void end() {
    signal.end();
  }

  boolean isEnded() {
    return signal.isEnded();
  }

  /** Returns when the feed may have changed, at the latest after {@code timeout}. */
  void await(long seen, Duration timeout) throws InterruptedException {
    signal.awaitPast(seen, timeout);
  }
}
