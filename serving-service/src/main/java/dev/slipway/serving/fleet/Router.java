package dev.slipway.serving.fleet;

import dev.slipway.common.stage.Stage;
import dev.slipway.serving.fleet.NotServedException.Reason;
import dev.slipway.serving.sample.Sampler;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routing table in force, and the way in for requests. The reconcile loop alone writes it, by one volatile write. */
final class Router implements Servables {
  /** Whatever the traffic says. */
  private static final VersionSelector LIVE = new VersionSelector.InStage(Stage.PRODUCTION);

  private final RegistryContact contact;
  private final Mirror mirror;
  private final Sampler sampler;
  private final Clock clock;
  private volatile RoutingTable table = RoutingTable.empty();

  Router(RegistryContact contact, Mirror mirror, Sampler sampler, Clock clock) {
    this.contact = contact;
    this.mirror = mirror;
    this.sampler = sampler;
    this.clock = clock;
  }

  /** From this write on every new request follows {@code next}. */
  void switchTo(RoutingTable next) {
    table = next;
    Map<String, Integer> kept = new HashMap<>();
    next.routes().forEach((model, route) -> {
      if (route.settings().keepsRequests()) {
        kept.put(model, route.settings().sampleRequests());
      }
    });
    sampler.keep(kept);
  }

  RoutingTable table() {
    return table;
  }

  /**
   * A servable is let go only after the table that no longer leads to it was written: whoever finds it gone finds a newer table.
   */
  @Override
  public ServableHandle acquire(String model, VersionSelector selector) throws NotServedException {
    RoutingTable seen = table;
    while (true) {
      ModelRoute route = seen.route(model);
      Servable servable = route.find(selector);
      if (servable.retain()) {
        int version = servable.id().version();
        boolean onTrial = selector instanceof VersionSelector.Live && !route.isLive(version);
        return new Lease(
            servable, route, mirror, sampler, onTrial ? () -> standIn(model, version) : null);
      }
      RoutingTable newer = table;
      if (newer == seen) {
        throw new NotServedException(
            Reason.NOT_READY, "model '" + model + "' is being unloaded: this replica is stopping");
      }
      seen = newer;
    }
  }

  private ServableHandle standIn(String model, int failed) {
    try {
      ServableHandle live = acquire(model, LIVE);
      if (live.version() != failed) {
        return new StandIn(live);
      }
      live.close();
    } catch (NotServedException nobody) {
      // The failure is the answer.
    }
    return null;
  }

  @Override
  public List<String> models() {
    return table.readyModels();
  }

  @Override
  public List<Integer> versions(String model) {
    ModelRoute route = table.routes().get(model);
    return route == null ? List.of() : route.readyVersions();
  }

  @Override
  public List<Listed> index() {
    return table.index();
  }

  @Override
  public long staleSeconds() {
    return contact
        .staleSince(clock.instant())
        .map(since ->
            Math.max(0, java.time.Duration.between(since, clock.instant()).toSeconds()))
        .orElse(-1L);
  }
}
