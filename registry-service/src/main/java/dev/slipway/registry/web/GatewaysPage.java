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
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What each serving process should have loaded, and what it has. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class GatewaysPage {
  private static final int ROWS = 100;

  private final Replicas replicas;
  private final Feeds feeds;
  private final Frame frame;

  GatewaysPage(Replicas replicas, Feeds feeds, Frame frame) {
    this.replicas = replicas;
    this.feeds = feeds;
    this.frame = frame;
  }

  private record Key(String model, int version) {}

  /**
   * Where the rows of one gateway go on.
   *
   * @param replica null where all are shown from their first row on
   */
  private record Place(String replica, boolean agrees, String model, int version) {
    private static final Pattern FORM = Pattern.compile("([01])\\.(\\d{1,9})\\.(.+)");

    static Place of(String replica, String after) {
      Matcher parts = FORM.matcher(after);
      return replica != null && parts.matches()
          ? new Place(
              replica, parts.group(1).equals("1"), parts.group(3), Integer.parseInt(parts.group(2)))
          : new Place(replica, false, "", 0);
    }

    static String after(GatewaysView.Row row) {
      return (row.agrees() ? "1." : "0.") + row.version() + "." + row.model();
    }

    boolean shows(ReplicaReport report) {
      return replica == null || replica.equals(report.replica());
    }

    boolean isBefore(GatewaysView.Row row) {
      int models = row.model().compareTo(model);
      return row.agrees() != agrees
          ? row.agrees()
          : models > 0 || (models == 0 && row.version() < version);
    }
  }

  @GET
  @Path("gateways")
  public Response list(
      @QueryParam("gateway") String gateway, @QueryParam("after") @DefaultValue("") String after) {
    return frame.show(() -> {
      Place place = Place.of(gateway, after);
      String events = frame.events(new Topic.OfGateways());
      Feed feed = feeds.current();
      List<Replicas.Status> known = replicas.list();
      return new Face(
          Templates.gateways(
              frame.shell("Gateways", null, events),
              new GatewaysView(
                  feed.revision(),
                  known.stream()
                      .filter(status -> place.shows(status.report()))
                      .map(status -> replica(status, feed, place))
                      .toList(),
                  gateway != null,
                  "./slipway up")),
          ReplicaJson.of(known, feed));
    });
  }

  private GatewaysView.Replica replica(Replicas.Status status, Feed feed, Place place) {
    ReplicaReport report = status.report();
    List<GatewaysView.Row> all = rows(report, feed);
    List<GatewaysView.Row> rest = all.stream().filter(place::isBefore).toList();
    List<GatewaysView.Row> shown = rest.stream().limit(ROWS).toList();
    String next = rest.size() > ROWS
        ? "/gateways?gateway=" + Links.segment(report.replica()) + "&after="
            + Links.segment(Place.after(shown.getLast()))
        : "";
    return new GatewaysView.Replica(
        report.replica(),
        report.url() == null ? "" : report.url(),
        status.connected(),
        frame.moment(status.heardAt()),
        behind(report, feed),
        agreement(all),
        shown,
        next);
  }

  /** How many rows agree, in words; empty without rows. */
  private static String agreement(List<GatewaysView.Row> rows) {
    long agree = rows.stream().filter(GatewaysView.Row::agrees).count();
    if (rows.isEmpty()) {
      return "";
    }
    return agree == rows.size()
        ? "✓ all " + agree + " as desired"
        : "✗ " + (rows.size() - agree) + " of " + rows.size() + " not as desired";
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
