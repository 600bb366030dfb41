package dev.slipway.registry.release;

import dev.slipway.registry.db.DatabaseException;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.release.ReleaseStore.Preparing;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Carries prepared releases to their end. Every registry process runs one; they need not know of each other: who gets the
 * model's row lock first and still finds the release preparing decides it, on what the replicas say at that moment. A process
 * that slept in between finds it ended.
 */
@ApplicationScoped
class ReleaseDriver {
  private static final Logger LOG = Logger.getLogger(ReleaseDriver.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ReleaseStore store;
  private final Releases releases;
  private final ReplicaStore replicas;
  private final Replicas reports;
  private final LivePointers pointers;
  private final FeedRevision feed;
  private final Switch switching;
  private final ReleaseGate gate;
  private final Clock clock;
  private volatile boolean running;
  private Thread thread;

  ReleaseDriver(
      ReleaseStore store,
      Releases releases,
      ReplicaStore replicas,
      Replicas reports,
      LivePointers pointers,
      FeedRevision feed,
      Switch switching,
      ReleaseGate gate,
      Clock clock) {
    this.store = store;
    this.releases = releases;
    this.replicas = replicas;
    this.reports = reports;
    this.pointers = pointers;
    this.feed = feed;
    this.switching = switching;
    this.gate = gate;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    running = true;
    thread = Thread.ofPlatform().daemon().name("slipway-releases").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    thread.interrupt();
    thread.join(LOOK.multipliedBy(2));
  }

  private void run() {
    while (running) {
      long seen = reports.reported().count();
      try {
        carryOn();
      } catch (DatabaseException e) {
        LOG.warnf("releases wait for the database: %s", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("cannot look at the releases in flight", e);
      }
      try {
        reports.reported().awaitPast(seen, LOOK);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Looks once at each release in flight. */
  void carryOn() {
    store.preparing().forEach(this::advance);
  }

  private void advance(Preparing preparing) {
    try {
      QuarkusTransaction.requiringNew().run(() -> decide(preparing.id(), preparing.modelId()));
    } catch (RuntimeException e) {
      LOG.warnf(e, "release %d could not be carried on, trying again", preparing.id());
    }
  }

  private void decide(long id, long modelId) {
    LivePointers.Model model = pointers.lock(modelId).orElse(null);
    Preparing preparing = store.preparing(id).orElse(null);
    if (model == null || preparing == null) {
      return;
    }
    Instant now = clock.instant();
    Readiness.Result result = readiness(model, preparing, now);
    String objection = preparing.requestId() == null ? null : gate.objection(preparing.requestId());
    if (objection != null) {
      switching.fail(model, preparing, objection, result.replicas());
    } else if (result.outcome() == Readiness.Outcome.FAILED) {
      switching.fail(model, preparing, result.reason(), result.replicas());
    } else if (!now.isBefore(preparing.deadline())) {
      switching.fail(model, preparing, tooLate(preparing, result), result.replicas());
    } else if (result.outcome() == Readiness.Outcome.READY) {
      switching
          .prepared(model, preparing, result.replicas())
          .ifPresent(it -> releases.confirmAfterCommit(releases.get(it.release())));
    }
  }

  private Readiness.Result readiness(LivePointers.Model model, Preparing preparing, Instant now) {
    String digest =
        pointers.versions(List.of(preparing.to())).get(preparing.to()).digest();
    var target = new Readiness.Target(
        model.name(), pointers.tags(model.id()), digest, feed.current().epoch(), preparing.since());
    return Readiness.of(target, replicas.aboutDigest(digest, now), now);
  }

  private static String tooLate(Preparing preparing, Readiness.Result result) {
    String waitedFor = result.replicas().stream()
        .filter(one -> one.isConnected() && !one.isDone())
        .map(one -> one.replica() + " (" + one.state() + ")")
        .collect(Collectors.joining(", "));
    return "not READY on every replica within "
        + Duration.between(preparing.startedAt(), preparing.deadline()).toSeconds() + " s: "
        + (waitedFor.isEmpty() ? "no registry process was there to switch" : waitedFor);
  }
}
