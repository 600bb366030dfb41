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
import dev.slipway.serving.fleet.ServableState.OnItsWay;
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
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

/**
 * The fleet's state and how it is moved: every method but the constructor runs on the reconcile loop ({@link FleetLoop}), so
 * nothing here is locked. Each turn first writes the routing table, then lets go of what no route leads to any more.
 */
final class Fleet {
  private final FleetManager manager;
  private final LongUnaryOperator memoryOfFiles;
  private final Loader loader;
  private final ArtifactCache cache;
  private final Router router;
  private final FleetEvents events;
  private final FleetLoop loop;
  private final Clock clock;
  private final Progress progress = new Progress();

  private final Holdings held = new Holdings();
  private final Set<Servable> leaving = new HashSet<>();
  private final Map<Digest, Long> memory = new HashMap<>();
  private final Set<Digest> measuring = new HashSet<>();
  private DesiredState desired = DesiredState.none();
  private Map<String, Feed.Model> models = Map.of();
  private long feedSerial;

  /**
   * @param memoryOfFiles what files of so many bytes are taken to need in memory
   */
  Fleet(
      FleetManager manager,
      LongUnaryOperator memoryOfFiles,
      Loader loader,
      ArtifactCache cache,
      Router router,
      FleetEvents events,
      FleetLoop loop,
      Clock clock) {
    this.manager = manager;
    this.memoryOfFiles = memoryOfFiles;
    this.loader = loader;
    this.cache = cache;
    this.router = router;
    this.events = events;
    this.loop = loop;
    this.clock = clock;
  }

  /** Follows {@code next} from now on: routes first, so that a switch waits for nothing. */
  void follow(DesiredState next) {
    Map<String, Feed.Model> before = models;
    desired = next;
    models = next.feed().models().stream()
        .collect(Collectors.toMap(Feed.Model::name, Function.identity()));
    feedSerial++;
    route(before);
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
    return new FleetSnapshot(desired, held.copy(), List.copyOf(leaving));
  }

  private FleetManager.Situation situation() {
    Map<ServableId, FleetManager.Actual> actual = new LinkedHashMap<>();
    held.all().forEach(servable -> actual.put(servable.id(), actual(servable)));
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
        failed(wanted.id(), cause);
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
          memory.put(digest, memoryOfFiles.applyAsLong(bytes));
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
        .filter(id -> held.get(id) == null || held.get(id).state() instanceof Failed)
        .forEach(id -> {
          hold(id, nextAttempt(id).failed(cause, clock.instant(), feedSerial));
          failed(id, cause);
        });
  }

  private void load(Wanted wanted) {
    Servable servable = hold(wanted.id(), nextAttempt(wanted.id()));
    loader.load(servable, wanted, progress);
  }

  private Loading nextAttempt(ServableId id) {
    Servable before = held.get(id);
    return before != null && before.state() instanceof Failed failed
        ? failed.again()
        : new Loading(1);
  }

  private Servable hold(ServableId id, ServableState state) {
    ServableStats stats =
        held.sameContent(id).map(Servable::stats).findFirst().orElseGet(ServableStats::new);
    var servable = new Servable(
        id,
        memory.getOrDefault(id.digest(), 0L),
        stats,
        state,
        clock.instant(),
        unused -> loader.close(unused, () -> loop.submit(() -> closed(unused))));
    held.put(servable);
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
      case OnItsWay coming -> {
        leaving.add(servable);
        servable.discard();
      }
      default -> {
        // A failed one holds nothing.
      }
    }
  }

  private void closed(Servable servable) {
    leaving.remove(servable);
    if (servable.state() instanceof Draining draining) {
      servable.moveTo(draining.close());
    }
  }

  private void dropFailedUnwanted() {
    Set<ServableId> wanted = desired.wanted().stream().map(Wanted::id).collect(Collectors.toSet());
    held.all()
        .filter(servable -> servable.state() instanceof Failed && !wanted.contains(servable.id()))
        .map(Servable::id)
        .toList()
        .forEach(held::remove);
  }

  private void failed(ServableId id, LoadFailure cause) {
    events.loadFailed(cause.kind());
    route(id.model());
  }

  /** The one write that a switch is. Routes of models that the feed left as they were are good as they are. */
  private void route(Map<String, Feed.Model> before) {
    RoutingTable old = router.table();
    Map<String, ModelRoute> routes = HashMap.newHashMap(models.size());
    int switches = 0;
    for (Feed.Model model : models.values()) {
      ModelRoute known = old.routes().get(model.name());
      ModelRoute next =
          known != null && model.equals(before.get(model.name())) ? known : route(model);
      routes.put(model.name(), next);
      if (known != null
          && known.live() != null
          && next.live() != null
          && !known.live().equals(next.live())) {
        switches++;
      }
    }
    router.switchTo(new RoutingTable(routes));
    for (int i = 0; i < switches; i++) {
      events.switched();
    }
  }

  /** What became of one model's versions changes only that model's route. */
  private void route(String model) {
    if (models.containsKey(model)) {
      router.switchTo(router.table().with(model, route(models.get(model))));
    }
  }

  private ModelRoute route(Feed.Model model) {
    return new ModelRoute(model, version -> held.answering(id(model, version)), version -> {
      Servable servable = held.get(id(model, version));
      return servable == null
          ? "waiting for its turn to load"
          : servable.state().hindrance();
    });
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
          route(servable.id().model());
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
        if (servable.state() instanceof OnItsWay coming) {
          servable.moveTo(coming.failed(cause, clock.instant(), feedSerial));
        }
        leaving.remove(servable);
        Fleet.this.failed(servable.id(), cause);
      });
    }

    @Override
    public void thrownAway(Servable servable) {
      loop.submit(() -> leaving.remove(servable));
    }
  }
}
