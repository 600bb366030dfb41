package dev.slipway.registry.release;

import dev.slipway.registry.db.DatabaseException;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.release.ReleaseStore.InFlight;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
  private final FeedWatch watch;
  private final Switch switching;
  private final Steps steps;
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
      FeedWatch watch,
      Switch switching,
      Steps steps,
      Clock clock) {
    this.store = store;
    this.releases = releases;
    this.replicas = replicas;
    this.reports = reports;
    this.pointers = pointers;
    this.feed = feed;
    this.watch = watch;
    this.switching = switching;
    this.steps = steps;
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
      long announced = watch.count();
      boolean any = false;
      try {
        any = carryOn();
      } catch (DatabaseException e) {
        LOG.warnf("releases wait for the database: %s", e.getMessage());
      } catch (RuntimeException | Error e) {
        LOG.error("cannot look at the releases in flight", e);
      }
      try {
        // Whatever begins is announced in the feed; until then no report changes anything here.
        if (any || watch.isEnded()) {
          reports.reported().awaitPast(seen, LOOK);
        } else {
          watch.await(announced, LOOK);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Looks once at each release in flight. @return whether there was any */
  boolean carryOn() {
    List<InFlight> all = store.inFlight();
    all.forEach(this::advance);
    return !all.isEmpty();
  }

  private void advance(InFlight inFlight) {
    try {
      QuarkusTransaction.requiringNew().run(() -> decide(inFlight.id(), inFlight.modelId()));
    } catch (RuntimeException | Error e) {
      LOG.warnf(e, "release %d could not be carried on, trying again", inFlight.id());
    }
  }

  private void decide(long id, long modelId) {
    Model model = pointers.lock(modelId).orElse(null);
    InFlight inFlight = store.inFlight(id).orElse(null);
    if (model == null || inFlight == null) {
      return;
    }
    Instant now = clock.instant();
    Readiness.Result result = readiness(model, inFlight, now);
    Optional<String> objection = steps.objection(model, inFlight);
    if (objection.isPresent()) {
      switching.fail(model, inFlight, objection.get(), result.replicas());
    } else if (result.outcome() == Readiness.Outcome.FAILED) {
      switching.fail(model, inFlight, result.reason(), result.replicas());
    } else if (inFlight.state() == ReleaseState.STEPPING) {
      step(model, inFlight, result, now);
    } else if (!now.isBefore(inFlight.deadline())) {
      switching.fail(model, inFlight, tooLate(inFlight, result), result.replicas());
    } else if (result.outcome() == Readiness.Outcome.READY && inFlight.strategy() != null) {
      steps.begin(model, inFlight);
    } else if (result.outcome() == Readiness.Outcome.READY) {
      goLive(model, inFlight, result);
    }
  }

  /** After the last step all traffic goes to the version: as soon as it is READY everywhere, for some replica may have restarted. */
  private void step(Model model, InFlight inFlight, Readiness.Result result, Instant now) {
    boolean all = steps.look(model, inFlight, result.replicas(), now);
    if (all && result.outcome() == Readiness.Outcome.READY) {
      goLive(model, inFlight, result);
    }
  }

  private void goLive(Model model, InFlight inFlight, Readiness.Result result) {
    if (switching.prepared(model, inFlight, result.replicas())) {
      releases.confirmAfterCommit(releases.get(inFlight.id()));
    }
  }

  private Readiness.Result readiness(Model model, InFlight inFlight, Instant now) {
    Version to = pointers.versions(List.of(inFlight.to())).get(inFlight.to());
    var target = new Readiness.Target(
        model.name(),
        pointers.tags(model.id()),
        to.number(),
        to.digest(),
        feed.current().epoch(),
        inFlight.since());
    return Readiness.of(target, replicas.aboutDigest(to.digest(), now), now);
  }

  private static String tooLate(InFlight inFlight, Readiness.Result result) {
    String waitedFor = result.replicas().stream()
        .filter(one -> one.isConnected() && !one.isDone())
        .map(one -> one.replica() + " (" + one.state() + ")")
        .collect(Collectors.joining(", "));
    return "not READY on every replica within "
        + Duration.between(inFlight.startedAt(), inFlight.deadline()).toSeconds() + " s: "
        + (waitedFor.isEmpty() ? "no registry process was there to switch" : waitedFor);
  }
}
