package dev.slipway.registry.api;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.registry.release.Replicas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A serving process on the wire: what it should have loaded, and what it has.
 *
 * @param connected heard from in the last 10 s
 * @param behind how many feed revisions it is behind; null when it follows another epoch
 */
public record ReplicaJson(
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
    List<Loaded> actual) {

  /** All of them; {@code revision} is the feed revision of the registry itself. */
  public record ListJson(String epoch, long revision, List<ReplicaJson> replicas) {}

  /** A version that the replica should have, and as what. */
  public record Wanted(String model, int version, String digest, Set<Role> roles) {}

  /** The replicas against what {@code feed} wants of them. */
  public static ListJson of(List<Replicas.Status> replicas, Feed feed) {
    return new ListJson(
        feed.epoch(),
        feed.revision(),
        replicas.stream().map(status -> of(status, feed)).toList());
  }

  private static ReplicaJson of(Replicas.Status status, Feed feed) {
    var report = status.report();
    boolean sameEpoch = feed.epoch().equals(report.epoch());
    return new ReplicaJson(
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
