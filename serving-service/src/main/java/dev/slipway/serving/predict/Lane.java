package dev.slipway.serving.predict;

import dev.slipway.common.artifact.Digest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What is kept per version that answers: its pace and its meters, made once and not looked up by request. */
final class Lane {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final Digest digest;
  private final Pace pace;
  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<Protocol, Meters> meters = new EnumMap<>(Protocol.class);
  private final Gate trials = new Gate();
  private final Tally tally;
  private volatile Batching batching;

  private record Batching(Batcher batcher, BatchMeters meters) {}

  Lane(
      String model, String version, Digest digest, Pace pace, Tally tally, MeterRegistry registry) {
    this.digest = digest;
    this.pace = pace;
    this.tally = tally;
    this.registry = registry;
    this.tags = Tags.of("model", model, "version", version);
    for (Protocol protocol : Protocol.values()) {
      meters.put(protocol, new Meters(protocol));
    }
  }

  boolean isOf(Digest other) {
    return other.equals(digest);
  }

  Pace pace() {
    return pace;
  }

  Tally tally() {
    return tally;
  }

  /** Where requests go in while the version is on trial: one that hangs must not fill the gate of the live one. */
  Gate trials() {
    return trials;
  }

  /** Made when the version's requests first may go together. */
  Batcher batcher() {
    return batching().batcher();
  }

  BatchMeters batchMeters() {
    return batching().meters();
  }

  private Batching batching() {
    Batching made = batching;
    return made != null ? made : makeBatching();
  }

  private synchronized Batching makeBatching() {
    if (batching == null) {
      var meters = new BatchMeters(registry, tags, tally);
      batching = new Batching(new Batcher(meters), meters);
    }
    return batching;
  }

  void count(Protocol protocol, Outcome outcome, long nanos) {
    meters.get(protocol).count(outcome, nanos);
  }

  /** Takes the meters out of the registry: the version is gone, and labels must stay few. */
  void close() {
    meters.values().forEach(Meters::close);
    if (batching != null) {
      batching.meters().close();
    }
  }

  /** One protocol's meters, registered when it is first used: most models are asked through one. */
  private final class Meters {
    private final Protocol protocol;
    private final Map<Outcome, Counter> requests = new ConcurrentHashMap<>();
    private volatile Timer latency;

    Meters(Protocol protocol) {
      this.protocol = protocol;
    }

    void count(Outcome outcome, long nanos) {
      Counter counter = requests.get(outcome);
      if (counter == null) {
        counter = requests.computeIfAbsent(outcome, this::register);
      }
      counter.increment();
      if (latency == null) {
        latency = register();
      }
      latency.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Counter register(Outcome outcome) {
      return Counter.builder("slipway_predict_requests")
          .description("Predict requests answered, by how they ended")
          .tags(tags.and("protocol", protocol.label(), "outcome", outcome.label()))
          .register(registry);
    }

    private Timer register() {
      return Timer.builder("slipway_predict_latency")
          .description("From the last byte of a request to its answer")
          .tags(tags.and("protocol", protocol.label()))
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
    }

    private void close() {
      requests.values().forEach(registry::remove);
      if (latency != null) {
        registry.remove(latency);
      }
    }
  }
}
