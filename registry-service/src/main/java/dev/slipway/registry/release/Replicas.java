package dev.slipway.registry.release;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.registry.db.Signal;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Invalid;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The serving processes: their reports, and who is connected. */
@ApplicationScoped
public class Replicas {
  private final ReplicaStore store;
  private final VersionCallers callers;
  private final Clock clock;
  private final Signal reported = new Signal();
  private final Map<String, FeedRevision.Position> latest = new ConcurrentHashMap<>();

  Replicas(ReplicaStore store, VersionCallers callers, Clock clock) {
    this.store = store;
    this.callers = callers;
    this.clock = clock;
  }

  /**
   * One replica as it was last heard from.
   *
   * @param connected whether that was in the last 10 s
   */
  public record Status(ReplicaReport report, Instant heardAt, boolean connected) {}

  /**
   * Takes a report.
   *
   * @throws Invalid when it lacks what identifies it
   * @throws Conflict when it is relative to a list that is not kept here: after this database was emptied, say
   */
  public void report(ReplicaReport report) {
    if (report.replica() == null || report.replica().isBlank() || report.startedAt() == null) {
      throw new Invalid("bad-report", "a report names its replica and when it started");
    }
    latest.put(report.replica(), new FeedRevision.Position(report.epoch(), report.revision()));
    reported.raise();
    Instant now = clock.instant();
    if (!store.put(report, now)) {
      throw new Conflict(
          "unknown-list",
          "list " + report.part().since() + " of " + report.replica()
              + " is not kept here: send the whole");
    }
    reported.raise();
    callers.heard(report, now);
  }

  /** Those heard from in the last day, by name. */
  public List<Status> list() {
    Instant now = clock.instant();
    return store.all(now).stream()
        .map(heard -> new Status(heard.report(), heard.at(), heard.isConnected(now)))
        .toList();
  }

  /** Counts the reports that came to this process. */
  Signal reported() {
    return reported;
  }

  /** The feed position that the replica last reported to this process; null when it reported elsewhere. */
  FeedRevision.Position latest(String replica) {
    return latest.get(replica);
  }

  @Scheduled(every = "10m")
  void forgetTheLongSilent() {
    if (store.forget(clock.instant()) > 0) {
      latest.keySet().retainAll(list().stream().map(it -> it.report().replica()).toList());
    }
  }
}
