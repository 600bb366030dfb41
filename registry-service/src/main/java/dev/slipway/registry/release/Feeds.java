package dev.slipway.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.feed.Feed;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The feed for those who watch it, as JSON, built once a revision however many watch. A commit of this process wakes them at
 * once, one of another process by a notification, and a look each second covers a notification that was lost.
 */
@ApplicationScoped
public class Feeds {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final FeedBuilder builder;
  private final FeedRevision revision;
  private final FeedWatch watch;
  private final ObjectMapper json;
  private final ReentrantLock building = new ReentrantLock();
  private volatile Built built;

  /** @param json the feed as it is sent */
  private record Built(Feed feed, ByteBuffer json, long asOf) {}

  Feeds(
      FeedBuilder builder,
      FeedRevision revision,
      FeedWatch watch,
      ObjectMapper json,
      MeterRegistry metrics) {
    this.builder = builder;
    this.revision = revision;
    this.watch = watch;
    this.json = json;
    Gauge.builder("slipway.feed.revision", this, Feeds::lastBuiltRevision)
        .description("The feed revision that was last built for a replica")
        .register(metrics);
  }

  /**
   * Waits until the feed is another than the one that the caller has.
   *
   * @param epoch of the caller's feed; null when it has none
   * @param known its revision
   * @return the feed as UTF-8 JSON; empty when nothing changed in {@code timeout}
   */
  public Optional<byte[]> await(String epoch, long known, Duration timeout)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      long seen = watch.count();
      Built now = upToDate(seen);
      if (!now.feed().epoch().equals(epoch) || now.feed().revision() != known) {
        return Optional.of(now.json().array());
      }
      long left = end - System.nanoTime();
      if (left <= 0 || watch.isEnded()) {
        return Optional.empty();
      }
      watch.await(seen, Duration.ofNanos(Math.min(left, LOOK.toNanos())));
      if (watch.count() == seen && !watch.isEnded()) {
        raiseIfMoved(now.feed());
      }
    }
  }

  /** Those who wait are told that nothing changed, and nobody waits from now on. */
  public void endWaiting() {
    watch.end();
  }

  /** The feed as it is committed now. */
  public Feed current() {
    watch.raise();
    return upToDate(watch.count()).feed();
  }

  private double lastBuiltRevision() {
    Built last = built;
    return last == null ? 0 : last.feed().revision();
  }

  private Built upToDate(long seen) {
    Built last = built;
    if (last != null && last.asOf() >= seen) {
      return last;
    }
    building.lock();
    try {
      last = built;
      if (last == null || last.asOf() < seen) {
        long asOf = watch.count();
        last = last != null && !watch.isPast(position(last.feed())) && isAt(last.feed())
            ? new Built(last.feed(), last.json(), asOf)
            : build(asOf);
        built = last;
      }
      return last;
    } finally {
      building.unlock();
    }
  }

  private Built build(long asOf) {
    Feed feed = builder.build();
    try {
      return new Built(feed, ByteBuffer.wrap(json.writeValueAsBytes(feed)), asOf);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the feed cannot be written", e);
    }
  }

  private void raiseIfMoved(Feed known) {
    if (!isAt(known)) {
      watch.raise();
    }
  }

  private boolean isAt(Feed known) {
    return revision.current().equals(position(known));
  }

  private static FeedRevision.Position position(Feed feed) {
    return new FeedRevision.Position(feed.epoch(), feed.revision());
  }
}
