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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The fleet in the wire's words. A version waiting for its turn, or for a failure that is expected to pass, is LOADING: FAILED is
 * what ends a release.
 */
final class FleetReport {
  private FleetReport() {}

  /**
   * One entry for each version: those that are wanted first, then what is on its way out.
   *
   * @param sampled whether requests of a model are kept here
   */
  static List<Loaded> of(FleetSnapshot fleet, Predicate<String> sampled) {
    List<Loaded> loaded = new ArrayList<>();
    Set<ServableId> told = new HashSet<>();
    for (Wanted wanted : fleet.desired().wanted()) {
      Servable servable = fleet.held().standingFor(wanted.id());
      told.add(wanted.id().content());
      loaded.add(servable == null ? waiting(wanted.id()) : entry(servable, sampled));
    }
    Stream.concat(fleet.held().all(), fleet.leaving().stream())
        .filter(other -> !(other.state() instanceof Closed))
        .filter(other -> told.add(other.id().content()))
        .forEach(other -> loaded.add(entry(other, sampled)));
    return loaded;
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

  private static Loaded entry(Servable servable, Predicate<String> sampled) {
    ServableState state = servable.state();
    return new Loaded(
        servable.id().model(),
        servable.id().version(),
        servable.id().digest(),
        word(state),
        state instanceof Failed failed ? failed.cause().message() : null,
        state instanceof Ready ready ? ready.loadTime().toMillis() : null,
        servable.bytes() > 0 ? servable.bytes() : null,
        servable.stats().read(),
        sampled.test(servable.id().model()) ? true : null);
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
