package dev.slipway.serving.fleet;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.RegistryException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Watches the registry's feed by long poll, on a thread of its own. A new feed is routed first, then saved, and only then said to
 * be in force: what the registry was told survives a crash.
 */
final class FeedFollower implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FeedFollower.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration UNUSED_ANSWER_WAIT = Duration.ofMillis(250);

  private final RegistryClient registry;
  private final FleetLoop fleet;
  private final FeedFile file;
  private final Selector selector;
  private final RegistryContact contact;
  private final Runnable inForceChanged;
  private final Clock clock;
  private final Thread thread = Thread.ofPlatform().daemon().name("feed").unstarted(this::run);
  private FeedGate gate = new FeedGate(Feed.empty());
  private volatile Position inForce = new Position("", 0);
  private volatile boolean everFed;
  private volatile boolean stopped;

  /**
   * @param inForceChanged called when {@link #inForce} has moved; must not block
   */
  FeedFollower(
      RegistryClient registry,
      FleetLoop fleet,
      FeedFile file,
      Selector selector,
      RegistryContact contact,
      Runnable inForceChanged,
      Clock clock) {
    this.registry = registry;
    this.fleet = fleet;
    this.file = file;
    this.selector = selector;
    this.contact = contact;
    this.inForceChanged = inForceChanged;
    this.clock = clock;
  }

  /** A point in the feed's history. */
  record Position(String epoch, long revision) {}

  /** Goes on from what was saved, and then follows the registry. */
  void start(Optional<FeedFile.Saved> saved) {
    saved.ifPresent(last -> {
      try {
        fleet.follow(DesiredState.of(last.feed(), selector)).join();
        gate = new FeedGate(last.feed());
        announce(last.feed());
      } catch (CompletionException broken) {
        LOG.error("The saved feed cannot be followed, the registry is asked for its own", broken);
      }
    });
    thread.start();
  }

  /** What every new request is answered by. */
  Position inForce() {
    return inForce;
  }

  /** Whether any feed was ever seen, in this life or a former one. */
  boolean everFed() {
    return everFed;
  }

  private void run() {
    int failures = 0;
    while (!stopped) {
      try {
        boolean moved = poll(failures > 0);
        failures = 0;
        if (!moved) {
          Thread.sleep(UNUSED_ANSWER_WAIT);
        }
      } catch (RegistryException | ExecutionException | RuntimeException | Error failed) {
        if (contact.failed(failed.getMessage())) {
          LOG.warnf(
              "The feed is not answered, serving goes on with the last: %s", failed.getMessage());
        }
        if (!pause(failures++)) {
          return;
        }
      } catch (InterruptedException stopping) {
        return;
      }
    }
  }

  /**
   * One long poll. False when the answer was of no use, and asking again at once would be of none either.
   *
   * @param afterFailure asks for the whole feed, which is answered at once: else a registry that is back would stay unheard
   *     until the feed changes or the poll ends
   */
  private boolean poll(boolean afterFailure)
      throws RegistryException, InterruptedException, ExecutionException {
    Optional<Feed> answer = registry.feed(afterFailure ? Feed.empty() : gate.current());
    boolean useful = true;
    if (answer.isEmpty()) {
      gate.confirmed();
      confirm();
    } else {
      Feed before = gate.current();
      useful = gate.admit(answer.get(), clock.instant());
      if (useful) {
        follow(answer.get(), before);
      }
    }
    if (contact.heard(clock.instant())) {
      LOG.info("The registry answers again");
    }
    return useful;
  }

  private void follow(Feed feed, Feed before) throws InterruptedException, ExecutionException {
    try {
      fleet.follow(DesiredState.of(feed, selector)).get();
      save(feed);
      announce(feed);
    } catch (ExecutionException | RuntimeException | Error failed) {
      gate.takeBack(before);
      throw failed;
    }
  }

  /** A feed that cannot be saved is followed all the same. */
  private void save(Feed feed) {
    try {
      file.save(feed, clock.instant());
    } catch (IOException full) {
      LOG.warn(
          "The feed cannot be saved; a restart without the registry would go back to an older one",
          full);
    }
  }

  private void confirm() {
    try {
      file.confirm(clock.instant());
    } catch (IOException ignored) {
      // Only the age shown after a restart hangs on it.
    }
  }

  private void announce(Feed feed) {
    inForce = new Position(feed.epoch(), feed.revision());
    everFed = true;
    inForceChanged.run();
  }

  private static boolean pause(int failures) {
    long longest =
        Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(failures, 10));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
      return true;
    } catch (InterruptedException stopping) {
      return false;
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
