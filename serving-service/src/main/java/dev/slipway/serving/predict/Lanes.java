package dev.slipway.serving.predict;

import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
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
  private final Clock clock;
  private final ConcurrentHashMap<Key, Lane> lanes = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Metered> gates = new ConcurrentHashMap<>();
  private final Lane unserved;
  private final AtomicInteger untilPruned = new AtomicInteger();

  private record Key(String model, int version) {}

  private record Metered(Gate gate, Gauge running, Gauge waiting) {}

  Lanes(Servables servables, MeterRegistry registry, PredictConfig config, Clock clock) {
    this.servables = servables;
    this.registry = registry;
    this.config = config;
    this.clock = clock;
    this.unserved = new Lane(NONE, NONE, null, pace(), tally(), registry);
  }

  private Tally tally() {
    return new Tally(clock);
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
      return new Lane(handle.model(), version, handle.digest(), pace(), tally(), registry);
    });
  }

  /** What was counted of a version; nothing when it was not asked yet. */
  Tally tally(ServableHandle handle) {
    Lane lane = lanes.get(new Key(handle.model(), handle.version()));
    return lane != null && lane.isOf(handle.digest()) ? lane.tally() : tally();
  }

  /** Where requests are counted that reached no version. */
  Lane unserved() {
    return unserved;
  }

  Gate gate(String model) {
    Metered gate = gates.get(model);
    return gate != null
        ? gate.gate()
        : gates.computeIfAbsent(model, this::newGate).gate();
  }

  /**
   * Goes in at the model's gate, waiting for room until the deadline.
   *
   * @return the gate, to leave by
   * @throws InferenceException as {@link Gate#enter}
   */
  Gate enter(String model, Gate.Limits limits, long deadlineNanos) throws InferenceException {
    Gate gate = gate(model);
    while (!gate.enter(limits, deadlineNanos)) {
      // It was forgotten between the two lines, and is not in the map any more.
      gate = gate(model);
    }
    return gate;
  }

  private Metered newGate(String model) {
    var gate = new Gate();
    Gauge running = Gauge.builder("slipway_predict_in_flight", gate, Gate::running)
        .description("Runs of a model going on")
        .tag("model", model)
        .register(registry);
    Gauge waiting = Gauge.builder("slipway_predict_queued", gate, Gate::waiting)
        .description("Requests that wait for a run")
        .tag("model", model)
        .register(registry);
    return new Metered(gate, running, waiting);
  }

  private void prune() {
    lanes.forEach((key, lane) -> {
      if (!servables.versions(key.model()).contains(key.version()) && lanes.remove(key, lane)) {
        lane.close();
      }
    });
    gates.keySet().forEach(model -> gates.computeIfPresent(model, this::keep));
    untilPruned.set(lanes.size() < FEW ? 0 : lanes.size() / 2);
  }

  /** The gate itself, or null when its model is gone and nobody is in. */
  private Metered keep(String model, Metered metered) {
    if (!servables.versions(model).isEmpty() || !metered.gate().retire()) {
      return metered;
    }
    registry.remove(metered.running());
    registry.remove(metered.waiting());
    return null;
  }
}
