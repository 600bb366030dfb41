package dev.slipway.serving.fleet;

import dev.slipway.serving.cache.ArtifactCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The fleet's meters. Labels are states and kinds of failure, never names: their number is fixed. */
final class FleetMetrics implements FleetEvents {
  private final Timer loads;
  private final Counter switches;
  private final Map<LoadFailure.Kind, Counter> failures = new EnumMap<>(LoadFailure.Kind.class);
  private final Runnable changed;

  /**
   * @param changed what else is to happen when the registry wants to know
   */
  FleetMetrics(MeterRegistry meters, Runnable changed) {
    this.changed = changed;
    this.loads = Timer.builder("slipway.fleet.load")
        .description("Fetch, verify, load and warm-up of versions that became ready")
        .register(meters);
    this.switches = Counter.builder("slipway.fleet.switches")
        .description("Changes of a model's live version")
        .register(meters);
    for (LoadFailure.Kind kind : LoadFailure.Kind.values()) {
      failures.put(
          kind,
          Counter.builder("slipway.fleet.load.failures")
              .description("Loads that failed")
              .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
              .register(meters));
    }
  }

  /** Gauges over what is there. */
  static void observe(
      MeterRegistry meters,
      Supplier<FleetSnapshot> fleet,
      ArtifactCache cache,
      RegistryContact contact,
      Clock clock) {
    Gauge.builder("slipway.feed.lag.seconds", () -> contact.lag(clock.instant()).toMillis() / 1e3)
        .description("Seconds since the registry was last heard from")
        .register(meters);
    Gauge.builder("slipway.cache.bytes", () -> cache.use().bytes())
        .description("Bytes of versions in the artifact cache")
        .register(meters);
    Gauge.builder("slipway.cache.max.bytes", () -> cache.use().maxBytes())
        .description("Quota of the artifact cache")
        .register(meters);
    FunctionCounter.builder("slipway.cache.evictions", cache, each -> each.use().evictions())
        .description("Versions evicted from the artifact cache")
        .register(meters);
    for (StateLabel label : StateLabel.values()) {
      Gauge.builder("slipway.fleet.versions", () -> label.count(fleet.get()))
          .description("Versions by state")
          .tag("state", label.name().toLowerCase(java.util.Locale.ROOT))
          .register(meters);
    }
  }

  /** States as a label. */
  private enum StateLabel {
    LOADING,
    READY,
    DRAINING,
    FAILED;

    long count(FleetSnapshot fleet) {
      return java.util.stream.Stream.concat(fleet.held().all(), fleet.leaving().stream())
          .filter(servable -> of(servable.state()) == this)
          .count();
    }

    private static StateLabel of(ServableState state) {
      return switch (state) {
        case ServableState.OnItsWay coming -> LOADING;
        case ServableState.Ready ready -> READY;
        case ServableState.Draining draining -> DRAINING;
        case ServableState.Closed closed -> DRAINING;
        case ServableState.Failed failed -> FAILED;
      };
    }
  }

  @Override
  public void loaded(Duration loadTime) {
    loads.record(loadTime);
  }

  @Override
  public void loadFailed(LoadFailure.Kind kind) {
    failures.get(kind).increment();
  }

  @Override
  public void switched() {
    switches.increment();
  }

  @Override
  public void changed() {
    changed.run();
  }
}
