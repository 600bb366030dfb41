package dev.slipway.serving.predict;

import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Lanes by version and gates by model. What is no longer served is forgotten when enough new has come. */
@Singleton
class Lanes {
  /** The label of requests for models that are not here: what callers make up must not become labels. */
  private static final String NONE = "none";
  /** So few lanes are looked through each time; of more, a look waits until half as many have come as there were. */
  private static final int FEW = 64;

  private final Servables servables;
  private final MeterRegistry registry;
  private final PredictConfig config;
  private final ConcurrentHashMap<Key, Lane> lanes = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Gate> gates = new ConcurrentHashMap<>();
  private final Lane unserved;
  private final AtomicInteger untilPruned = new AtomicInteger();

  private record Key(String model, int version) {}

  Lanes(Servables servables, MeterRegistry registry, PredictConfig config) {
    this.servables = servables;
    this.registry = registry;
    this.config = config;
    this.unserved = new Lane(NONE, NONE, null, pace(), registry);
  }

  private Pace pace() {
    return new Pace(config.inlineBelow(), config.offloadAbove());
  }

  Lane of(ServableHandle handle) {
    var key = new Key(handle.model(), handle.version());
    Lane lane = lanes.get(key);
    if (lane != null && lane.isOf(handle.digest())) {
      return lane;
    }
    if (untilPruned.decrementAndGet() < 0) {
      prune();
    }
    return lanes.compute(key, (_, old) -> {
      if (old != null && old.isOf(handle.digest())) {
        return old;
      }
      if (old != null) {
        old.close();
      }
      String version = Integer.toString(handle.version());
      return new Lane(handle.model(), version, handle.digest(), pace(), registry);
    });
  }

  /** Where requests are counted that reached no version. */
  Lane unserved() {
    return unserved;
  }

  Gate gate(String model) {
    Gate gate = gates.get(model);
    return gate != null ? gate : gates.computeIfAbsent(model, this::newGate);
  }

  private Gate newGate(String model) {
    var gate = new Gate();
    Gauge.builder("slipway_predict_in_flight", gate, Gate::running)
        .description("Runs of a model going on")
        .tag("model", model)
        .register(registry);
    Gauge.builder("slipway_predict_queued", gate, Gate::waiting)
        .description("Requests that wait for a run")
        .tag("model", model)
        .register(registry);
    return gate;
  }

  private void prune() {
    lanes.forEach((key, lane) -> {
      if (!servables.versions(key.model()).contains(key.version()) && lanes.remove(key, lane)) {
        lane.close();
      }
    });
    untilPruned.set(lanes.size() < FEW ? 0 : lanes.size() / 2);
  }
}
