package dev.slipway.registry.release;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.registry.model.LivePointers.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the replicas' reports say about one version that is to go live. Pure. */
final class Readiness {
  /** A replica that was not heard from for longer is not waited for. */
  static final Duration CONNECTED = Duration.ofSeconds(10);

  /** One replica's last report, and when this registry got it. */
  record Heard(ReplicaReport report, Instant at) {
    boolean isConnected(Instant now) {
      return !at.isBefore(now.minus(CONNECTED));
    }
  }

  /**
   * The version that is prepared. Its digest alone would not do: a gateway loads each version for itself, also one with the bytes of another.
   *
   * @param since the feed position from which the replicas know of it: an older report of FAILED is about an earlier attempt
   */
  record Target(
      String model,
      Map<String, String> tags,
      int version,
      String digest,
      String epoch,
      long since) {
    /** A version that nobody was told to prepare: no report of FAILED is about it. */
    static Target now(String model, Map<String, String> tags, Version version) {
      return new Target(model, tags, version.number(), version.digest(), "", Long.MAX_VALUE);
    }
  }

  enum Outcome {
    READY,
    WAITING,
    FAILED
  }

  /**
   * @param reason of a failure, naming the replica; null otherwise
   * @param warm connected replicas that have it READY
   * @param connected replicas that serve this model and were heard from lately
   */
  record Result(
      Outcome outcome, String reason, int warm, int connected, List<ReplicaOutcome> replicas) {}

  private Readiness() {}

  static Result of(Target target, List<Heard> heard, Instant now) {
    List<ReplicaOutcome> replicas = new ArrayList<>();
    String failure = null;
    int warm = 0;
    int connected = 0;
    for (Heard one : matching(target, heard)) {
      ReplicaReport report = one.report();
      if (!one.isConnected(now)) {
        replicas.add(ReplicaOutcome.notHeardFrom(report, one.at()));
        continue;
      }
      connected++;
      Optional<Loaded> loaded = find(report, target);
      State state = loaded.map(Loaded::state).orElse(null);
      String error = loaded.map(Loaded::error).orElse(null);
      if (state == State.READY) {
        warm++;
      } else if (state == State.FAILED && knows(report, target) && failure == null) {
        failure =
            report.replica() + " could not load it: " + (error == null ? "no reason given" : error);
      }
      replicas.add(ReplicaOutcome.of(report, state, error));
    }
    Outcome outcome =
        failure != null ? Outcome.FAILED : warm == connected ? Outcome.READY : Outcome.WAITING;
    return new Result(outcome, failure, warm, connected, List.copyOf(replicas));
  }

  private static List<Heard> matching(Target target, List<Heard> heard) {
    return heard.stream()
        .filter(one -> one.report().selector() == null
            || one.report().selector().matches(target.model(), target.tags()))
        .toList();
  }

  private static Optional<Loaded> find(ReplicaReport report, Target target) {
    return report.loaded().stream()
        .filter(loaded -> loaded.model().equals(target.model())
            && loaded.version() == target.version()
            && loaded.digest() != null
            && loaded.digest().value().equals(target.digest()))
        .min((a, b) -> Boolean.compare(b.state() == State.READY, a.state() == State.READY));
  }

  private static boolean knows(ReplicaReport report, Target target) {
    return target.epoch().equals(report.epoch()) && report.revision() >= target.since();
  }
}
