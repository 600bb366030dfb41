package dev.slipway.serving.predict;

import dev.slipway.common.artifact.Digest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
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
  private final Counter[][] requests =
      new Counter[Protocol.values().length][Outcome.values().length];
  private final Timer[] latency = new Timer[Protocol.values().length];

  Lane(String model, String version, Digest digest, Pace pace, MeterRegistry registry) {
    this.digest = digest;
    this.pace = pace;
    this.registry = registry;
    this.tags = Tags.of("model", model, "version", version);
  }

  boolean isOf(Digest other) {
    return other.equals(digest);
  }

  Pace pace() {
    return pace;
  }

  void count(Protocol protocol, Outcome outcome, long nanos) {
    requests(protocol, outcome).increment();
    latency(protocol).record(nanos, TimeUnit.NANOSECONDS);
  }

  private Counter requests(Protocol protocol, Outcome outcome) {
    Counter counter = requests[protocol.ordinal()][outcome.ordinal()];
    if (counter == null) {
      counter = Counter.builder("slipway_predict_requests")
          .description("Predict requests answered, by how they ended")
          .tags(tags.and("protocol", protocol.label(), "outcome", outcome.label()))
          .register(registry);
      requests[protocol.ordinal()][outcome.ordinal()] = counter;
    }
    return counter;
  }

  private Timer latency(Protocol protocol) {
    Timer timer = latency[protocol.ordinal()];
    if (timer == null) {
      timer = Timer.builder("slipway_predict_latency")
          .description("From the last byte of a request to its answer")
          .tags(tags.and("protocol", protocol.label()))
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
      latency[protocol.ordinal()] = timer;
    }
    return timer;
  }

  /** Takes the meters out of the registry: the version is gone, and labels must stay few. */
  void close() {
    for (Counter[] ofProtocol : requests) {
      for (Counter counter : ofProtocol) {
        if (counter != null) {
          registry.remove(counter);
        }
      }
    }
    for (Timer timer : latency) {
      if (timer != null) {
        registry.remove(timer);
      }
    }
  }
}
