package dev.slipway.registry.api;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.registry.release.Feeds;
import dev.slipway.registry.release.Replicas;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The serving processes: what each should have loaded, and what it has. */
@Path("/api/v1/replicas")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReplicaResource {
  private final Replicas replicas;
  private final Feeds feeds;

  ReplicaResource(Replicas replicas, Feeds feeds) {
    this.replicas = replicas;
    this.feeds = feeds;
  }

  /** @param revision the feed revision of the registry itself */
  record ReplicaList(String epoch, long revision, List<Replica> replicas) {}

  /**
   * @param connected heard from in the last 10 s
   * @param behind how many feed revisions it is behind; null when it follows another epoch
   */
  record Replica(
      String replica,
      String url,
      boolean connected,
      Instant heardAt,
      Instant startedAt,
      String epoch,
      long revision,
      Long behind,
      Selector selector,
      List<Wanted> desired,
      List<Loaded> actual) {}

  record Wanted(String model, int version, String digest, Set<Role> roles) {}

  @GET
  @Operation(
      summary = "Desired against actual, replica by replica; those silent for a day are forgotten")
  public ReplicaList list() {
    Feed feed = feeds.current();
    return new ReplicaList(
        feed.epoch(),
        feed.revision(),
        replicas.list().stream().map(status -> replica(status, feed)).toList());
  }

  private static Replica replica(Replicas.Status status, Feed feed) {
    var report = status.report();
    boolean sameEpoch = feed.epoch().equals(report.epoch());
    return new Replica(
        report.replica(),
        report.url(),
        status.connected(),
        status.heardAt(),
        report.startedAt(),
        report.epoch(),
        report.revision(),
        sameEpoch ? Math.max(0, feed.revision() - report.revision()) : null,
        report.selector(),
        desired(report.selector(), feed),
        report.loaded());
  }

  private static List<Wanted> desired(Selector selector, Feed feed) {
    var wanted = new ArrayList<Wanted>();
    for (Feed.Model model : feed.models()) {
      if (selector == null || selector.matches(model.name(), model.tags())) {
        model
            .versions()
            .forEach(version -> wanted.add(new Wanted(
                model.name(), version.number(), version.digest().value(), version.roles())));
      }
    }
    return wanted;
  }
}
