package dev.slipway.registry.release;

import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.db.Signal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Wakes those who wait for a feed: by a commit of this process, by a notification from another. */
@ApplicationScoped
class FeedWatch {
  private final Signal signal = new Signal();

  FeedWatch(Notifications notifications) {
    notifications.listen(Notifications.Channel.SLIPWAY_FEED, signal::raise);
  }

  long count() {
    return signal.count();
  }

  void raise() {
    signal.raise();
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
