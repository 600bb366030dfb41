package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.fleet.DesiredState.Wanted;
import dev.slipway.serving.fleet.FleetManager.Action;
import dev.slipway.serving.fleet.ServableState.Draining;
import dev.slipway.serving.fleet.ServableState.Failed;
import dev.slipway.serving.fleet.ServableState.Loading;
import dev.slipway.serving.fleet.ServableState.Ready;
import dev.slipway.serving.fleet.ServableState.Warming;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fleet's state and how it is moved: every method but the constructor runs on the reconcile loop ({@link FleetLoop}), so
 * nothing here is locked. Each turn first writes the routing table, then lets go of what no route leads to any more.
 */
final class Fleet {
  private final FleetManager manager;
  private final MemoryEstimate estimate;
  private final Loader loader;
  private final ArtifactCache cache;
  private final Router router;
  private final FleetEvents events;
  private final FleetLoop loop;
  private final Clock clock;
  private final Progress progress = new Progress();

  private final Map<ServableId, Servable> held = new LinkedHashMap<>();
  private final Set<Servable> leaving = new HashSet<>();
  private final Map<Digest, Long> memory = new HashMap<>();
  private final Set<Digest> measuring = new HashSet<>();
  private DesiredState desired = DesiredState.none();
  private long feedSerial;

  Fleet(
      FleetManager manager,
      MemoryEstimate estimate,
      Loader loader,
      ArtifactCache cache,
      Router router,
      FleetEvents events,
      FleetLoop loop,
      Clock clock) {
    this.manager = manager;
    this.estimate = estimate;
    this.loader = loader;
    this.cache = cache;
    this.router = router;
    this.events = events;
    this.loop = loop;
    this.clock = clock;
  }

  /** What an artifact of so many bytes is taken to need in memory. */
  @FunctionalInterface
  interface MemoryEstimate {
    long bytes(long fileBytes);
  }

  /** Follows {@code next} from now on: routes first, so that a switch waits for nothing. */
  void follow(DesiredState next) {
    desired = next;
    feedSerial++;
    publish();
    cache.keep(next.digests());
    memory.keySet().retainAll(next.digests());
    dropFailedUnwanted();
  }

  /** Carries out what the manager says, and answers when to ask again though nothing happened. */
  Optional<Instant> reconcile() {
    FleetManager.Plan plan = manager.plan(desired, situation());
    plan.actions().forEach(this::act);
    return plan.wakeAt();
  }

  FleetSnapshot snapshot() {
    return new FleetSnapshot(desired, Map.copyOf(held), List.copyOf(leaving));
  }

  private FleetManager.Situation situation() {
    Map<ServableId, FleetManager.Actual> actual = new LinkedHashMap<>();
    held.forEach((id, servable) -> actual.put(id, actual(servable)));
    return new FleetManager.Situation(
        actual, leaving.stream().map(Fleet::actual).toList(), memory, feedSerial, clock.instant());
  }

  private static FleetManager.Actual actual(Servable servable) {
    return new FleetManager.Actual(servable.id(), servable.state(), servable.bytes());
  }

  private void act(Action action) {
    switch (action) {
      case Action.Measure(Wanted wanted) -> measure(wanted);
      case Action.Load(Wanted wanted) -> load(wanted);
      case Action.Refuse(Wanted wanted, LoadFailure cause) -> {
        hold(wanted.id(), new Loading(1).failed(cause, clock.instant(), feedSerial));
        failed(cause);
      }
      case Action.Unload(ServableId id) -> letGo(held.remove(id));
    }
  }

  private void measure(Wanted wanted) {
    Digest digest = wanted.id().digest();
    if (!measuring.add(digest)) {
      return;
    }
    loader.measure(
        digest,
        bytes -> loop.submit(() -> {
          measuring.remove(digest);
          memory.put(digest, estimate.bytes(bytes));
        }),
        cause -> loop.submit(() -> {
          measuring.remove(digest);
          notMeasured(digest, cause);
        }));
  }

  private void notMeasured(Digest digest, LoadFailure cause) {
    desired.wanted().stream()
        .map(Wanted::id)
        .filter(id -> id.digest().equals(digest))
        .filter(id -> !held.containsKey(id) || held.get(id).state() instanceof Failed)
        .forEach(id -> hold(id, nextAttempt(id).failed(cause, clock.instant(), feedSerial)));
    failed(cause);
  }

  private void load(Wanted wanted) {
    Servable servable = hold(wanted.id(), nextAttempt(wanted.id()));
    loader.load(servable, wanted.settings(), progress);
  }

  private Loading nextAttempt(ServableId id) {
    return held.containsKey(id) && held.get(id).state() instanceof Failed failed
        ? failed.again()
        : new Loading(1);
  }

  private Servable hold(ServableId id, ServableState state) {
    ServableStats stats = held.values().stream()
        .filter(other -> other.id().sameContent(id))
        .map(Servable::stats)
        .findFirst()
        .orElseGet(ServableStats::new);
    var servable = new Servable(
        id,
        memory.getOrDefault(id.digest(), 0L),
        stats,
        state,
        clock.instant(),
        unused -> loader.close(unused, () -> loop.submit(() -> closed(unused))));
    held.put(id, servable);
    return servable;
  }

  /** No table leads to it any more. */
  private void letGo(Servable servable) {
    switch (servable.state()) {
      case Ready ready -> {
        leaving.add(servable);
        servable.moveTo(ready.drain());
        servable.release();
      }
      case Loading loading -> discard(servable);
      case Warming warming -> discard(servable);
      default -> {
        // A failed one holds nothing.
      }
    }
  }

  private void discard(Servable servable) {
    leaving.add(servable);
    servable.discard();
  }

  private void closed(Servable servable) {
    leaving.remove(servable);
    if (servable.state() instanceof Draining draining) {
      servable.moveTo(draining.close());
    }
  }

  private void dropFailedUnwanted() {
    Set<ServableId> wanted = desired.wanted().stream().map(Wanted::id).collect(Collectors.toSet());
    held.values()
        .removeIf(
            servable -> servable.state() instanceof Failed && !wanted.contains(servable.id()));
  }

  private void failed(LoadFailure cause) {
    events.loadFailed(cause.kind());
    publish();
  }

  /** The one write that a switch is. */
  private void publish() {
    RoutingTable before = router.table();
    RoutingTable after = RoutingTable.of(desired.feed(), this::ready, this::whyNot);
    router.switchTo(after);
    after.routes().forEach((model, route) -> {
      ModelRoute old = before.routes().get(model);
      if (old != null
          && old.live() != null
          && route.live() != null
          && !old.live().equals(route.live())) {
        events.switched();
      }
    });
  }

  private Servable ready(Feed.Model model, Feed.Version version) {
    ServableId id = id(model, version);
    Servable exact = held.get(id);
    if (exact != null && exact.state() instanceof Ready) {
      return exact;
    }
    return held.values().stream()
        .filter(other -> other.state() instanceof Ready && other.id().sameContent(id))
        .findFirst()
        .orElse(null);
  }

  private String whyNot(Feed.Model model, Feed.Version version) {
    Servable servable = held.get(id(model, version));
    return servable == null ? "waiting for its turn to load" : servable.state().hindrance();
  }

  private static ServableId id(Feed.Model model, Feed.Version version) {
    return new ServableId(
        model.name(), version.number(), version.digest(), LoadOptions.of(model.settings()));
  }

  /** Loads report from their own threads; what they say is acted upon by the loop, unless the servable was let go meanwhile. */
  private final class Progress implements Loader.Progress {
    @Override
    public void loaded(Servable servable, LoadedModel model) {
      loop.submit(() -> {
        if (servable.state() instanceof Loading loading) {
          servable.moveTo(loading.loaded(model));
        }
      });
    }

    @Override
    public void warm(Servable servable, Duration loadTime) {
      loop.submit(() -> {
        if (servable.state() instanceof Warming warming) {
          servable.moveTo(warming.warm(loadTime));
          events.loaded(loadTime);
          publish();
          if (servable.isDiscarded()) {
            leaving.remove(servable);
            letGo(servable);
          }
        }
      });
    }

    @Override
    public void failed(Servable servable, LoadFailure cause) {
      loop.submit(() -> {
        switch (servable.state()) {
          case Loading loading ->
            servable.moveTo(loading.failed(cause, clock.instant(), feedSerial));
          case Warming warming ->
            servable.moveTo(warming.failed(cause, clock.instant(), feedSerial));
          default -> throw new IllegalStateException("a load fails once: " + servable.id());
        }
        leaving.remove(servable);
        Fleet.this.failed(cause);
      });
    }

    @Override
    public void thrownAway(Servable servable) {
      loop.submit(() -> leaving.remove(servable));
    }
  }
}
