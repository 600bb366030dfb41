package dev.slipway.registry.web;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.ReplicaJson;
import dev.slipway.registry.release.Feeds;
import dev.slipway.registry.release.Replicas;
import dev.slipway.registry.watch.Topic;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What each serving process should have loaded, and what it has. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class GatewaysPage {
  private final Replicas replicas;
  private final Feeds feeds;
  private final Frame frame;

  GatewaysPage(Replicas replicas, Feeds feeds, Frame frame) {
    this.replicas = replicas;
    this.feeds = feeds;
    this.frame = frame;
  }

  private record Key(String model, int version) {}

  @GET
  @Path("gateways")
  public Response list() {
    return frame.show(() -> {
      String events = frame.events(new Topic.OfGateways());
      Feed feed = feeds.current();
      List<Replicas.Status> known = replicas.list();
      return new Face(
          Templates.gateways(
              frame.shell("Gateways", null, events),
              new GatewaysView(
                  feed.revision(),
                  known.stream().map(status -> replica(status, feed)).toList(),
                  "./slipway up")),
          ReplicaJson.of(known, feed));
    });
  }

  private GatewaysView.Replica replica(Replicas.Status status, Feed feed) {
    ReplicaReport report = status.report();
    return new GatewaysView.Replica(
        report.replica(),
        report.url() == null ? "" : report.url(),
        status.connected(),
        frame.moment(status.heardAt()),
        behind(report, feed),
        rows(report, feed));
  }

  private static String behind(ReplicaReport report, Feed feed) {
    if (!feed.epoch().equals(report.epoch())) {
      return "follows another registry, or an earlier life of this one";
    }
    long behind = Math.max(0, feed.revision() - report.revision());
    return behind == 0 ? "up to date" : behind + " behind";
  }

  private static List<GatewaysView.Row> rows(ReplicaReport report, Feed feed) {
    Map<Key, GatewaysView.Row> rows = new TreeMap<>(
        Comparator.comparing(Key::model).thenComparing(Key::version, Comparator.reverseOrder()));
    Map<Key, Loaded> loaded = report.loaded().stream()
        .collect(Collectors.toMap(
            it -> new Key(it.model(), it.version()), it -> it, (one, other) -> other));
    for (Feed.Model model : feed.models()) {
      if (report.selector() == null || report.selector().matches(model.name(), model.tags())) {
        for (Feed.Version version : model.versions()) {
          var key = new Key(model.name(), version.number());
          rows.put(key, row(key, roles(version), loaded.remove(key)));
        }
      }
    }
    loaded.forEach((key, extra) -> rows.put(key, row(key, "", extra)));
    return rows.values().stream()
        .sorted(Comparator.comparing(GatewaysView.Row::agrees))
        .toList();
  }

  private static GatewaysView.Row row(Key key, String desired, Loaded actual) {
    boolean ready = actual != null && actual.state() == ReplicaReport.State.READY;
    return new GatewaysView.Row(
        key.model(),
        Links.version(key.model(), key.version()),
        key.version(),
        desired,
        actual == null ? "" : actual.state().name().toLowerCase(Locale.ROOT),
        ready && !desired.isEmpty(),
        actual == null || actual.error() == null ? "" : actual.error());
  }

  private static String roles(Feed.Version version) {
    return version.roles().stream()
        .map(Role::name)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
