package dev.slipway.registry.release;

import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.release.ReleaseStore.InFlight;
import dev.slipway.registry.release.ReleaseStore.Start;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Moves the live pointer: pointer, stages, release, request, audit entry and feed revision in one transaction, under the
 * model's row lock, which the caller holds.
 */
@ApplicationScoped
class Switch {
  private final LivePointers pointers;
  private final ReleaseStore releases;
  private final ReleaseGate gate;
  private final FeedRevision feed;
  private final AuditLog audit;
  private final ReleaseMetrics metrics;
  private final Clock clock;

  Switch(
      LivePointers pointers,
      ReleaseStore releases,
      ReleaseGate gate,
      FeedRevision feed,
      AuditLog audit,
      ReleaseMetrics metrics,
      Clock clock) {
    this.pointers = pointers;
    this.releases = releases;
    this.gate = gate;
    this.feed = feed;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** A release that took place in this transaction. */
  record Switched(long release, FeedRevision.Position position, List<ReplicaOutcome> replicas) {}

  /** Switches without preparing. */
  Switched now(LivePointers.Model model, Start start, Caller actor, List<ReplicaOutcome> replicas) {
    Instant now = clock.instant();
    Map<Long, LivePointers.Version> versions = versions(model.live(), start.to());
    long id = releases.insertLive(start, now, replicas);
    move(model, start, actor, now);
    return announce(model, start, actor, versions, id, replicas);
  }

  /** Switches what was prepared; empty when somebody else ended that release before. */
  Optional<Switched> prepared(
      LivePointers.Model model, InFlight preparing, List<ReplicaOutcome> replicas) {
    Instant now = clock.instant();
    if (!releases.finish(preparing.id(), ReleaseState.LIVE, null, now, replicas)) {
      return Optional.empty();
    }
    Start start = new Start(
        model.id(),
        preparing.kind(),
        model.live(),
        preparing.to(),
        preparing.requestId(),
        preparing.reason(),
        preparing.actor(),
        preparing.startedAt());
    Caller actor = inTheNameOf(preparing);
    Map<Long, LivePointers.Version> versions = versions(model.live(), start.to());
    move(model, start, actor, now);
    return Optional.of(announce(model, start, actor, versions, preparing.id(), replicas));
  }

  /**
   * Ends what was prepared with nothing moved, or what was being brought over with all traffic back; does nothing when it has ended
   * already.
   */
  void fail(
      LivePointers.Model model, InFlight preparing, String reason, List<ReplicaOutcome> replicas) {
    end(model, preparing, inTheNameOf(preparing), reason, replicas);
  }

  /** As {@link #fail}, by somebody's wish. */
  void end(
      LivePointers.Model model,
      InFlight preparing,
      Caller actor,
      String reason,
      List<ReplicaOutcome> replicas) {
    ReleaseState end =
        preparing.state() == ReleaseState.STEPPING ? ReleaseState.UNDONE : ReleaseState.FAILED;
    if (!releases.finish(preparing.id(), end, reason, null, replicas)) {
      return;
    }
    if (preparing.requestId() != null) {
      gate.settled(preparing.requestId(), end, reason);
    }
    LivePointers.Version target = versions(preparing.to(), null).get(preparing.to());
    var after = new TreeMap<String, Object>(Map.of("release_id", preparing.id(), "reason", reason));
    record(model, actor, "release." + end.label(), target, null, after);
    releases.recordRevision(preparing.id(), feed.bump().revision());
    metrics.ended(preparing.kind(), end);
  }

  /** Goes to a step, counted from 0: its traffic is in the feed from the commit on. */
  void step(
      LivePointers.Model model, InFlight inFlight, Caller actor, int step, Observed observed) {
    if (!releases.step(inFlight.id(), step, clock.instant(), observed)) {
      return;
    }
    LivePointers.Version target = versions(inFlight.to(), null).get(inFlight.to());
    ReleaseStrategy.Step now = inFlight.strategy().stepsBeforeAll().get(step);
    var after = new TreeMap<String, Object>(Map.of(
        "release_id", inFlight.id(),
        "step", step + 1,
        "percent", now.percent(),
        "shadow_percent", now.shadowPercent()));
    record(model, actor, "release.step", target, null, after);
    releases.recordRevision(inFlight.id(), feed.bump().revision());
  }

  /** A release is carried on by the registry, long after the call that asked for it. */
  private static Caller inTheNameOf(InFlight preparing) {
    return new Caller(preparing.actor(), Set.of(), null);
  }

  /** The release's own row is in the sequence already. */
  private void move(LivePointers.Model model, Start start, Caller actor, Instant now) {
    if (start.to() == null) {
      pointers.clear(model, now);
    } else {
      Long previous = releases.sequence(model.id()).previous().orElse(null);
      Long rolledBack = start.kind() == ReleaseKind.ROLLBACK ? model.live() : null;
      pointers
          .pointTo(model, start.to(), previous, gate.isReviewed(model.id()), rolledBack, now)
          .forEach(moved -> audit.append(
              actor,
              "version.stage",
              "model/" + model.name() + "/version/" + moved.number(),
              moved.digest(),
              Map.of("stage", moved.from()),
              Map.of("stage", moved.to())));
    }
    if (start.requestId() != null) {
      gate.settled(start.requestId(), ReleaseState.LIVE, null);
    }
    gate.liveChanged(model.id());
  }

  private Switched announce(
      LivePointers.Model model,
      Start start,
      Caller actor,
      Map<Long, LivePointers.Version> versions,
      long id,
      List<ReplicaOutcome> replicas) {
    var after = new TreeMap<String, Object>(Map.of("release_id", id));
    if (start.requestId() != null) {
      after.put("request_id", start.requestId());
    }
    if (start.reason() != null) {
      after.put("reason", start.reason());
    }
    record(
        model,
        actor,
        "release." + start.kind().label(),
        versions.get(start.to()),
        versions.get(model.live()),
        after);
    FeedRevision.Position position = feed.bump();
    releases.recordRevision(id, position.revision());
    metrics.ended(start.kind(), ReleaseState.LIVE);
    return new Switched(id, position, replicas);
  }

  private void record(
      LivePointers.Model model,
      Caller actor,
      String action,
      LivePointers.Version to,
      LivePointers.Version from,
      Map<String, Object> after) {
    if (to != null) {
      after.put("version", to.number());
    }
    audit.append(
        actor,
        action,
        "model/" + model.name(),
        to == null ? null : to.digest(),
        from == null ? null : Map.of("version", from.number()),
        after);
  }

  private Map<Long, LivePointers.Version> versions(Long one, Long other) {
    return pointers.versions(Stream.of(Optional.ofNullable(one), Optional.ofNullable(other))
        .flatMap(Optional::stream)
        .toList());
  }
}
