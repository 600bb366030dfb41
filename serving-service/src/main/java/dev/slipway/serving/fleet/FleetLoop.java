package dev.slipway.serving.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * The one thread that owns the fleet's state. It takes what happened from a queue, and after each turn asks the manager what to
 * do next. It never waits for a load, the disk or the network.
 */
final class FleetLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FleetLoop.class);
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final Clock clock;
  private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().daemon().name("fleet").unstarted(this::run);
  private final List<CompletableFuture<Void>> followed = new ArrayList<>();
  private Fleet fleet;
  private FleetEvents events;
  private volatile FleetSnapshot snapshot = FleetSnapshot.empty();
  private volatile Instant lastTurn;
  private volatile boolean stopped;
  private Optional<Instant> wakeAt = Optional.empty();
  /** Something happened since the last reconcile that went well: after one that failed the next turn, a rest later, tries again. */
  private boolean due;

  FleetLoop(Clock clock) {
    this.clock = clock;
    this.lastTurn = clock.instant();
  }

  /** Begins to turn. Once. */
  void start(Fleet owned, FleetEvents told) {
    this.fleet = owned;
    this.events = told;
    thread.start();
  }

  /**
   * Follows the feed; done when every new request is answered by it and {@link #snapshot} shows what it leads to, so that no
   * report puts the feed before into this one's mouth. Fails when it cannot be followed.
   */
  CompletableFuture<Void> follow(DesiredState desired) {
    var done = new CompletableFuture<Void>();
    submit(() -> {
      try {
        fleet.follow(desired);
        followed.add(done);
      } catch (RuntimeException | Error unexpected) {
        done.completeExceptionally(unexpected);
        throw unexpected;
      }
    });
    return done;
  }

  /** Lets go of everything, and waits until it is closed, no longer than {@code patience}. */
  void empty(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    submit(() -> fleet.follow(DesiredState.none()));
    try {
      while (System.nanoTime() < until && !(snapshot.isEmpty() && inbox.isEmpty())) {
        Thread.sleep(10);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  void submit(Runnable happened) {
    inbox.add(happened);
  }

  FleetSnapshot snapshot() {
    return snapshot;
  }

  /** When it last turned; a second ago at most, as long as it is well. */
  Instant lastTurn() {
    return lastTurn;
  }

  private void run() {
    boolean failing = false;
    while (!stopped) {
      try {
        turn();
        failing = false;
      } catch (InterruptedException stopping) {
        return;
      } catch (RuntimeException | Error unexpected) {
        // Once in full: what lasts fails each second.
        LOG.log(
            failing ? Level.DEBUG : Level.ERROR,
            "The reconcile loop goes on after a failed turn",
            unexpected);
        failing = true;
      }
    }
  }

  private void turn() throws InterruptedException {
    Runnable happened = inbox.poll(rest().toMillis(), TimeUnit.MILLISECONDS);
    due |= happened != null;
    boolean followedOne = false;
    for (Runnable each = happened; each != null; each = inbox.poll()) {
      handle(each);
    }
    lastTurn = clock.instant();
    if (due || wakeAt.filter(at -> !at.isAfter(lastTurn)).isPresent()) {
      followedOne = !followed.isEmpty();
      reconcile();
      // Who follows a feed says so when it is saved; a report before that would keep that one
      // waiting.
      if (!followedOne) {
        events.changed();
      }
    }
  }

  private void reconcile() {
    due = true;
    wakeAt = Optional.empty();
    try {
      wakeAt = fleet.reconcile();
      due = false;
    } catch (RuntimeException | Error unexpected) {
      followed.forEach(done -> done.completeExceptionally(unexpected));
      throw unexpected;
    } finally {
      snapshot = fleet.snapshot();
      // Those that failed stay so.
      followed.forEach(done -> done.complete(null));
      followed.clear();
    }
  }

  private static void handle(Runnable happened) {
    try {
      happened.run();
    } catch (RuntimeException | Error unexpected) {
      LOG.error("The reconcile loop goes on after an event that it could not handle", unexpected);
    }
  }

  private Duration rest() {
    return wakeAt
        .map(at -> Duration.between(clock.instant(), at).plusMillis(1))
        .filter(until -> until.compareTo(LONGEST_REST) < 0)
        .map(until -> until.isNegative() ? Duration.ZERO : until)
        .orElse(LONGEST_REST);
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
