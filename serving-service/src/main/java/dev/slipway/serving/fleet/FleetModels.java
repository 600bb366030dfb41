package dev.slipway.serving.fleet;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.serving.fleet.DesiredState.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The fleet as people see it: by model, sorted. */
final class FleetModels {
  private FleetModels() {}

  static List<FleetView.Model> of(FleetSnapshot fleet, RoutingTable table) {
    Map<String, Feed.Model> models = new HashMap<>();
    Map<String, List<FleetView.Version>> versions = new TreeMap<>();
    for (Feed.Model model : fleet.desired().feed().models()) {
      models.put(model.name(), model);
      versions.put(model.name(), new ArrayList<>());
    }
    Map<ServableId, Wanted> wanted = new HashMap<>();
    fleet.desired().wanted().forEach(each -> wanted.put(each.id().content(), each));
    for (Loaded loaded : FleetReport.of(fleet, _ -> false)) {
      var content = new ServableId(loaded.model(), loaded.version(), loaded.digest(), null);
      versions
          .computeIfAbsent(loaded.model(), ignored -> new ArrayList<>())
          .add(version(loaded, Optional.ofNullable(wanted.get(content)), fleet));
    }
    return versions.entrySet().stream()
        .map(each -> model(each.getKey(), models.get(each.getKey()), each.getValue(), table))
        .toList();
  }

  static long loadedBytes(FleetSnapshot fleet) {
    return Stream.concat(fleet.held().all(), fleet.leaving().stream())
        .filter(servable -> !(servable.state() instanceof ServableState.Failed
            || servable.state() instanceof ServableState.Closed))
        .mapToLong(Servable::bytes)
        .sum();
  }

  /** {@code model} is null when it has left the feed and is on its way out. */
  private static FleetView.Model model(
      String name, Feed.Model model, List<FleetView.Version> versions, RoutingTable table) {
    ModelRoute route = table.routes().get(name);
    return new FleetView.Model(
        name,
        route == null ? null : route.live(),
        route != null && route.isLiveReady(),
        model == null ? List.of() : model.traffic(),
        model == null ? Map.of() : model.aliases(),
        model == null ? 0 : model.settingsVersion(),
        versions.stream()
            .sorted(Comparator.comparingInt(FleetView.Version::version).reversed())
            .toList());
  }

  private static FleetView.Version version(
      Loaded loaded, Optional<Wanted> wanted, FleetSnapshot fleet) {
    Instant retryAt = wanted
        .map(each -> fleet.held().get(each.id()))
        .map(Servable::state)
        .flatMap(state ->
            state instanceof ServableState.Failed failed ? failed.retryAt() : Optional.empty())
        .orElse(null);
    return new FleetView.Version(
        loaded.version(),
        loaded.digest(),
        wanted.map(Wanted::roles).orElse(Set.of()).stream()
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
