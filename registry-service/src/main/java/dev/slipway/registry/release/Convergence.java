package dev.slipway.registry.release;

import dev.slipway.registry.db.Signal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Waits until the replicas report a switch in force. */
@ApplicationScoped
class Convergence {
  static final Duration PATIENCE = Duration.ofSeconds(2);
  /** How often to look for reports that went to another registry process. */
  private static final Duration LOOK = Duration.ofMillis(25);
  /** The same while all that are waited for report to this one: one of them may have turned away. */
  private static final Duration RARE_LOOK = Duration.ofMillis(100);

  private final Replicas replicas;
  private final ReplicaStore store;
  private final ReleaseStore releases;
  private final ReleaseMetrics metrics;

  Convergence(
      Replicas replicas, ReplicaStore store, ReleaseStore releases, ReleaseMetrics metrics) {
    this.replicas = replicas;
    this.store = store;
    this.releases = releases;
    this.metrics = metrics;
  }

  /**
   * Waits for the connected replicas, at most {@link #PATIENCE}, and records what each did.
   *
   * @param since {@link System#nanoTime()} when the release was asked for
   */
  Release await(Release release, FeedRevision.Position position, long since) {
    Set<String> waiting = new HashSet<>();
    for (ReplicaOutcome outcome : release.replicas()) {
      if (outcome.isConnected()) {
        waiting.add(outcome.replica());
      }
    }
    Map<String, Long> confirmed = confirmations(waiting, position, since);
    List<ReplicaOutcome> outcomes = new ArrayList<>();
    for (ReplicaOutcome outcome : release.replicas()) {
      Long millis = confirmed.get(outcome.replica());
      outcomes.add(
          !outcome.isConnected()
              ? outcome
              : millis == null ? outcome.unconfirmed() : outcome.converged(millis));
    }
    releases.confirmed(release.id(), outcomes);
    metrics.converged(
        release.kind(),
        confirmed.size() == waiting.size(),
        Duration.ofNanos(System.nanoTime() - since));
    return release.withReplicas(outcomes);
  }

  private Map<String, Long> confirmations(
      Set<String> names, FeedRevision.Position position, long since) {
    var confirmed = new LinkedHashMap<String, Long>();
    var waiting = new HashSet<>(names);
    long end = System.nanoTime() + PATIENCE.toNanos();
    long nextLook = System.nanoTime() + pause(waiting);
    Signal reported = replicas.reported();
    while (!waiting.isEmpty() && System.nanoTime() < end) {
      long seen = reported.count();
      Map<String, FeedRevision.Position> elsewhere = Map.of();
      if (System.nanoTime() >= nextLook) {
        elsewhere = store.positions(waiting);
        nextLook = System.nanoTime() + pause(waiting);
      }
      long millis = Duration.ofNanos(System.nanoTime() - since).toMillis();
      for (String name : List.copyOf(waiting)) {
        if (position.isReachedBy(replicas.latest(name))
            || position.isReachedBy(elsewhere.get(name))) {
          confirmed.put(name, millis);
          waiting.remove(name);
        }
      }
      if (!waiting.isEmpty() && !sleep(reported, seen, nextLook)) {
        break;
      }
    }
    return confirmed;
  }

  private long pause(Set<String> waiting) {
    boolean here = waiting.stream().allMatch(name -> replicas.latest(name) != null);
    return (here ? RARE_LOOK : LOOK).toNanos();
  }

  private static boolean sleep(Signal reported, long seen, long until) {
    try {
      reported.awaitPast(seen, Duration.ofNanos(until - System.nanoTime()));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
