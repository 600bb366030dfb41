package dev.slipway.registry.watch;

import dev.slipway.registry.db.DatabaseException;
import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.db.Signal;
import dev.slipway.registry.problem.RegistryException.Unavailable;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Looks once a second whether something changed that somebody looks at, at once when the database says that the feed did, and not at
 * all while nobody looks: one thread and at most four statements a look, however many viewers there are.
 */
@ApplicationScoped
public class Watch {
  /** More would hold more connections than people have windows. */
  static final int MOST_VIEWERS = 500;

  private static final Logger LOG = Logger.getLogger(Watch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SPACING = Duration.ofMillis(100);
  private static final Duration BEAT = Duration.ofSeconds(15);
  private static final Duration NOBODY = Duration.ofMinutes(5);

  private final Stamps stamps;
  private final Signal wake = new Signal();
  private final Signal ended = new Signal();
  private final Set<Watching> viewers = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  Watch(Stamps stamps, Notifications notifications) {
    this.stamps = stamps;
    notifications.listen(Notifications.Channel.SLIPWAY_FEED, wake::raise);
    notifications.listen(Notifications.Channel.SLIPWAY_JOB, wake::raise);
  }

  /** Somebody who looks. None of its methods may block. */
  public interface Viewer {
    /** @param stamp of what there is to see now */
    void changed(String stamp);

    /** Nothing changed for a while. */
    void quiet();

    /** There will be no more news: the registry stops. */
    void end();
  }

  private static final class Watching {
    private final Topic topic;
    private final Viewer viewer;
    private String seen;

    Watching(Topic topic, Viewer viewer, String seen) {
      this.topic = topic;
      this.viewer = viewer;
      this.seen = seen;
    }
  }

  /** What to give to {@link #follow} so that no later change is missed; empty when there is no such thing. */
  public String stamp(Topic topic) {
    return stamps.of(Set.of(topic)).getOrDefault(topic, "");
  }

  /**
   * Tells {@code viewer} of each change after {@code seen}.
   *
   * @return ends it
   * @throws Unavailable when too many look already, or the registry is stopping
   */
  public Runnable follow(Topic topic, String seen, Viewer viewer) {
    var watching = new Watching(topic, viewer, seen);
    viewers.add(watching);
    if (!running || viewers.size() > MOST_VIEWERS) {
      viewers.remove(watching);
      throw new Unavailable("too many pages are followed already: reload it instead", null);
    }
    wake.raise();
    return () -> viewers.remove(watching);
  }

  int viewers() {
    return viewers.size();
  }

  void start(@Observes StartupEvent event) {
    running = true;
    Thread.ofPlatform().daemon().name("slipway-watch").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) {
    running = false;
    ended.raise();
    wake.raise();
    viewers.forEach(it -> it.viewer.end());
    viewers.clear();
  }

  private void run() {
    try {
      long beat = System.nanoTime();
      while (running) {
        long seen = wake.count();
        if (!viewers.isEmpty()) {
          look();
          if (System.nanoTime() - beat > BEAT.toNanos()) {
            viewers.forEach(it -> it.viewer.quiet());
            beat = System.nanoTime();
          }
        }
        // A busy registry is looked at some times a second, not with each commit.
        ended.awaitPast(0, SPACING);
        wake.awaitPast(seen, viewers.isEmpty() ? NOBODY : LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      Map<Topic, String> now =
          stamps.of(viewers.stream().map(it -> it.topic).collect(Collectors.toSet()));
      for (Watching one : viewers) {
        String stamp = now.getOrDefault(one.topic, "");
        // Who came while we looked is seen to at the next look, which it asked for.
        if (now.containsKey(one.topic) && !stamp.equals(one.seen)) {
          one.seen = stamp;
          one.viewer.changed(stamp);
        }
      }
    } catch (DatabaseException away) {
      LOG.debugf(away, "nothing can be seen while the database is away");
    } catch (RuntimeException | Error unexpected) {
      LOG.error("what is watched could not be looked at, trying again", unexpected);
    }
  }
}
