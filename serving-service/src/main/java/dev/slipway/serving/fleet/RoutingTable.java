package dev.slipway.serving.fleet;

import dev.slipway.serving.fleet.NotServedException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who answers what, for all models, as of one feed. Immutable; replaced as a whole by one write. */
final class RoutingTable {
  private final Map<String, ModelRoute> routes;
  private final List<String> ready;

  RoutingTable(Map<String, ModelRoute> routes) {
    this.routes = routes;
    this.ready = routes.entrySet().stream()
        .filter(route -> !route.getValue().readyVersions().isEmpty())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  static RoutingTable empty() {
    return new RoutingTable(Map.of());
  }

  /** This table with another route for one model. */
  RoutingTable with(String model, ModelRoute route) {
    Map<String, ModelRoute> changed = new HashMap<>(routes);
    changed.put(model, route);
    return new RoutingTable(changed);
  }

  ModelRoute route(String model) throws NotServedException {
    ModelRoute route = routes.get(model);
    if (route == null) {
      // Triton's words, by which its clients know this error.
      throw new NotServedException(
          Reason.UNKNOWN_MODEL,
          "Request for unknown model: '" + model
              + "' is not found: it does not exist, has no live version, or is left to other replicas");
    }
    return route;
  }

  Map<String, ModelRoute> routes() {
    return routes;
  }

  /** Every version that a request may name, by model and version. */
  List<Servables.Listed> index() {
    return routes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(route -> route.getValue().listed())
        .toList();
  }

  /** Models with a version that answers now, sorted. */
  List<String> readyModels() {
    return ready;
  }
}
