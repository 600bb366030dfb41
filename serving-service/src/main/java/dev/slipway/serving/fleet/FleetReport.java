package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.serving.fleet.DesiredState.Wanted;
import dev.slipway.serving.fleet.ServableState.Closed;
import dev.slipway.serving.fleet.ServableState.Draining;
import dev.slipway.serving.fleet.ServableState.Failed;
import dev.slipway.serving.fleet.ServableState.Loading;
import dev.slipway.serving.fleet.ServableState.Ready;
import dev.slipway.serving.fleet.ServableState.Warming;
import java.util.ArrayList;
import java.util.List;

/**
 * The fleet in the wire's words. A version waiting for its turn, or for a failure that is expected to pass, is LOADING: FAILED is
 * what ends a release.
 */
final class FleetReport {
  private FleetReport() {}

  /** One entry for each version: those that are wanted first, then what is on its way out. */
  static List<Loaded> of(FleetSnapshot fleet) {
    List<Loaded> loaded = new ArrayList<>();
    for (Wanted wanted : fleet.desired().wanted()) {
      Servable servable = standingFor(wanted.id(), fleet);
      loaded.add(servable == null ? waiting(wanted.id()) : entry(servable));
    }
    for (Servable other : fleet.held().values()) {
      addIfNew(loaded, other);
    }
    for (Servable other : fleet.leaving()) {
      addIfNew(loaded, other);
    }
    return loaded;
  }

  /** The one that answers for the version; else the one on its way. */
  static Servable standingFor(ServableId id, FleetSnapshot fleet) {
    Servable exact = fleet.held().get(id);
    if (exact != null && exact.state() instanceof Ready) {
      return exact;
    }
    return fleet.held().values().stream()
        .filter(other -> other.state() instanceof Ready && other.id().sameContent(id))
        .findFirst()
        .orElse(exact);
  }

  private static void addIfNew(List<Loaded> loaded, Servable servable) {
    boolean there = loaded.stream()
        .anyMatch(each -> each.version() == servable.id().version()
            && each.model().equals(servable.id().model())
            && each.digest().equals(servable.id().digest()));
    if (!there && !(servable.state() instanceof Closed)) {
      loaded.add(entry(servable));
    }
  }

  private static Loaded waiting(ServableId id) {
    return new Loaded(
        id.model(),
        id.version(),
        id.digest(),
        State.LOADING,
        null,
        null,
        null,
        ReplicaReport.Stats.none());
  }

  private static Loaded entry(Servable servable) {
    ServableState state = servable.state();
    return new Loaded(
        servable.id().model(),
        servable.id().version(),
        servable.id().digest(),
        word(state),
        state instanceof Failed failed ? failed.cause().message() : null,
        state instanceof Ready ready ? ready.loadTime().toMillis() : null,
        servable.bytes() > 0 ? servable.bytes() : null,
        servable.stats().read());
  }

  private static State word(ServableState state) {
    return switch (state) {
      case Loading loading -> State.LOADING;
      case Warming warming -> State.WARMING;
      case Ready ready -> State.READY;
      case Draining draining -> State.DRAINING;
      case Closed closed -> State.DRAINING;
      case Failed failed -> failed.cause().passing() ? State.LOADING : State.FAILED;
    };
  }
}
