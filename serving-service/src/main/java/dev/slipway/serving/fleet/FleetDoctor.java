package dev.slipway.serving.fleet;

import dev.slipway.serving.fleet.DesiredState.Rank;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Readiness once reached stays: a version that fails later is its model's trouble, and other models go on. Before that, every live
 * version of the last feed must be READY or have failed in a way that waiting does not mend. Only a registry that is silent for
 * longer than allowed turns it red again.
 */
final class FleetDoctor implements FleetHealth {
  private static final Duration STUCK = Duration.ofSeconds(30);

  private final FleetLoop loop;
  private final BooleanSupplier everFed;
  private final RegistryContact contact;
  private final Optional<Duration> maxStaleness;
  private final Clock clock;
  private volatile boolean reached;

  FleetDoctor(
      FleetLoop loop,
      BooleanSupplier everFed,
      RegistryContact contact,
      Optional<Duration> maxStaleness,
      Clock clock) {
    this.loop = loop;
    this.everFed = everFed;
    this.contact = contact;
    this.maxStaleness = maxStaleness;
    this.clock = clock;
  }

  @Override
  public Optional<String> notReady() {
    if (!reached) {
      Optional<String> waiting = waiting();
      if (waiting.isPresent()) {
        return waiting;
      }
      reached = true;
    }
    return maxStaleness
        .filter(limit -> contact.lag(clock.instant()).compareTo(limit) > 0)
        .map(limit -> "the registry was last heard from at " + contact.lastHeard()
            + ", longer ago than slipway.serving.max-staleness allows");
  }

  @Override
  public Optional<String> notAlive() {
    return Duration.between(loop.lastTurn(), clock.instant()).compareTo(STUCK) > 0
        ? Optional.of("the reconcile loop has not turned since " + loop.lastTurn())
        : Optional.empty();
  }

  private Optional<String> waiting() {
    if (!everFed.getAsBoolean()) {
      return Optional.of(
          "no feed was seen yet" + contact.trouble().map(why -> ": " + why).orElse(""));
    }
    FleetSnapshot fleet = loop.snapshot();
    List<String> unsettled = fleet.desired().wanted().stream()
        .filter(wanted -> wanted.rank() == Rank.LIVE)
        .map(DesiredState.Wanted::id)
        .filter(id -> {
          Servable servable = fleet.held().standingFor(id);
          return servable == null || !FleetManager.isSettled(servable.state());
        })
        .map(ServableId::toString)
        .toList();
    return unsettled.isEmpty()
        ? Optional.empty()
        : Optional.of("live versions not loaded yet: " + String.join(", ", unsettled));
  }
}
