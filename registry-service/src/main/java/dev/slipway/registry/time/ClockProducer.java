package dev.slipway.registry.time;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** UTC wall-clock time, to the microsecond that Postgres keeps. */
class ClockProducer {
  @Produces
  @Singleton
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), java.time.Duration.ofNanos(1_000));
  }
}
