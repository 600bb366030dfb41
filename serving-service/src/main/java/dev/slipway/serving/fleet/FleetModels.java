package dev.slipway.serving.fleet;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The fleet as people see it: by model, sorted. */
final class FleetModels {
  private FleetModels() {}

  static List<FleetView.Model> of(FleetSnapshot fleet, RoutingTable table) {
    Map<String, List<Loaded>> loaded = new TreeMap<>();
    fleet.desired().feed().models().forEach(model -> loaded.put(model.name(), new ArrayList<>()));
    FleetReport.of(fleet)
        .forEach(each ->
            loaded.computeIfAbsent(each.model(), ignored -> new ArrayList<>()).add(each));
    return loaded.entrySet().stream()
        .map(model -> model(model.getKey(), model.getValue(), fleet, table))
        .toList();
  }

  static long loadedBytes(FleetSnapshot fleet) {
    return Stream.concat(fleet.held().values().stream(), fleet.leaving().stream())
        .filter(servable -> !(servable.state() instanceof ServableState.Failed
            || servable.state() instanceof ServableState.Closed))
        .mapToLong(Servable::bytes)
        .sum();
  }

  private static FleetView.Model model(
      String name, List<Loaded> loaded, FleetSnapshot fleet, RoutingTable table) {
    var model = fleet.desired().feed().model(name);
    ModelRoute route = table.routes().get(name);
    List<FleetView.Version> versions = loaded.stream()
        .sorted(Comparator.comparingInt(Loaded::version).reversed())
        .map(each -> version(each, fleet))
        .toList();
    return new FleetView.Model(
        name,
        route == null ? null : route.live(),
        route != null && route.isLiveReady(),
        model.map(Feed.Model::traffic).orElse(List.of()),
        model.map(Feed.Model::aliases).orElse(Map.of()),
        model.map(Feed.Model::settingsVersion).orElse(0L),
        versions);
  }

  private static FleetView.Version version(Loaded loaded, FleetSnapshot fleet) {
    var wanted = fleet.desired().wanted().stream()
        .filter(each -> each.id().model().equals(loaded.model())
            && each.id().version() == loaded.version()
            && each.id().digest().equals(loaded.digest()))
        .findFirst();
    Instant retryAt = wanted
        .map(each -> fleet.held().get(each.id()))
        .map(Servable::state)
        .flatMap(state -> state instanceof ServableState.Failed failed
            ? failed.retryAt()
            : java.util.Optional.empty())
        .orElse(null);
    return new FleetView.Version(
        loaded.version(),
        loaded.digest(),
        wanted.map(DesiredState.Wanted::roles).orElse(Set.of()).stream()
            .sorted()
            .map(Role::label)
            .toList(),
        loaded.state(),
        loaded.error(),
        retryAt,
        loaded.loadMs(),
        loaded.memoryBytes(),
        stats(loaded.stats()));
  }

  private static FleetView.Stats stats(ReplicaReport.Stats stats) {
    boolean some = stats.requests() > 0;
    return new FleetView.Stats(
        stats.requests(),
        stats.errors(),
        stats.nonFinite(),
        some ? stats.latency().quantileMicros(0.5) : null,
        some ? stats.latency().quantileMicros(0.99) : null);
  }
}
