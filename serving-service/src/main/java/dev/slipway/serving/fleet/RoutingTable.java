package dev.slipway.serving.fleet;

import dev.slipway.common.feed.Feed;
import dev.slipway.serving.fleet.NotServedException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Who answers what, for all models, as of one feed. Immutable; replaced as a whole by one write. */
final class RoutingTable {
  private final Map<String, ModelRoute> routes;
  private final List<String> ready;

  private RoutingTable(Map<String, ModelRoute> routes) {
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

  /**
   * @param ready the READY servable of a version, or null
   * @param whyNot for people, where there is none
   */
  static RoutingTable of(
      Feed feed,
      BiFunction<Feed.Model, Feed.Version, Servable> ready,
      BiFunction<Feed.Model, Feed.Version, String> whyNot) {
    Map<String, ModelRoute> routes = HashMap.newHashMap(feed.models().size());
    for (Feed.Model model : feed.models()) {
      routes.put(
          model.name(),
          new ModelRoute(
              model,
              version -> ready.apply(model, version),
              version -> whyNot.apply(model, version)));
    }
    return new RoutingTable(routes);
  }

  ModelRoute route(String model) throws NotServedException {
    ModelRoute route = routes.get(model);
    if (route == null) {
      throw new NotServedException(
          Reason.UNKNOWN_MODEL,
          "model '" + model
              + "' is not served here: it does not exist, has no live version, or is left to other replicas");
    }
    return route;
  }

  Map<String, ModelRoute> routes() {
    return routes;
  }

  /** Models with a version that answers now, sorted. */
  List<String> readyModels() {
    return ready;
  }
}
