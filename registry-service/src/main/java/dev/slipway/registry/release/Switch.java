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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Moves the live pointer: pointer, stages, release, request, audit entry and feed revision in one transaction, under the
 * model's row lock, which the caller holds.
 */
@ApplicationScoped
class Switch {
  private final LivePointers pointers;
  private final Situations situations;
  private final ReleaseStore releases;
  private final ReleaseGate gate;
  private final FeedRevision feed;
  private final AuditLog audit;
  private final ReleaseMetrics metrics;
  private final Clock clock;

  Switch(
      LivePointers pointers,
      Situations situations,
      ReleaseStore releases,
      ReleaseGate gate,
      FeedRevision feed,
      AuditLog audit,
      ReleaseMetrics metrics,
      Clock clock) {
    this.pointers = pointers;
    this.situations = situations;
    this.releases = releases;
    this.gate = gate;
    this.feed = feed;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Switches without preparing.
   *
   * @return the release as {@link ReleaseStore#find} would read it
   */
  Release now(Situation situation, Start start, Caller actor, List<ReplicaOutcome> replicas) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    LivePointers.Version from = situation.version(start.from());
    LivePointers.Version to = situation.version(start.to());
    long id = releases.insertLive(start, now, replicas);
    ReleaseSequence sequence = situation
        .facts()
        .switches()
        .after(new ReleaseSequence.Step(start.kind(), number(from), number(to)));
    move(situation, sequence, start, actor, now);
    long revision = announce(situation, start, actor, id);
    return new Release(
        id,
        situation.model().name(),
        start.kind(),
        integer(from),
        integer(to),
        ReleaseState.LIVE,
        start.reason(),
        start.actor(),
        start.requestId(),
        start.startedAt(),
        now,
        revision,
        null,
        replicas,
        null,
        null);
  }

  /** Switches what was prepared. @return whether it did: somebody else may have ended that release before */
  boolean prepared(LivePointers.Model model, InFlight preparing, List<ReplicaOutcome> replicas) {
    Instant now = clock.instant();
    if (!releases.finish(preparing.id(), ReleaseState.LIVE, null, now, replicas)) {
      return false;
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
    // The release's own row is in the sequence already.
    Situation situation = situations.of(model, List.of(preparing.to()), List.of());
    move(situation, situation.facts().switches(), start, actor, now);
    announce(situation, start, actor, preparing.id());
    return true;
  }

  private static Long number(LivePointers.Version version) {
    return version == null ? null : Long.valueOf(version.number());
  }

  private static Integer integer(LivePointers.Version version) {
    return version == null ? null : version.number();
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
    LivePointers.Version target = version(preparing);
    var after = new TreeMap<String, Object>(Map.of("release_id", preparing.id(), "reason", reason));
    record(model, actor, "release." + end.label(), target, null, after);
    feed.bumpFor(preparing.id());
    metrics.ended(preparing.kind(), end);
  }

  /** Goes to a step, counted from 0: its traffic is in the feed from the commit on. */
  void step(
      LivePointers.Model model, InFlight inFlight, Caller actor, int step, Observed observed) {
    if (!releases.step(inFlight.id(), step, clock.instant(), observed)) {
      return;
    }
    LivePointers.Version target = version(inFlight);
    ReleaseStrategy.Step now = inFlight.strategy().stepsBeforeAll().get(step);
    var after = new TreeMap<String, Object>(Map.of(
        "release_id", inFlight.id(),
        "step", step + 1,
        "percent", now.percent(),
        "shadow_percent", now.shadowPercent()));
    record(model, actor, "release.step", target, null, after);
    feed.bumpFor(inFlight.id());
  }

  /** A release is carried on by the registry, long after the call that asked for it. */
  private static Caller inTheNameOf(InFlight preparing) {
    return new Caller(preparing.actor(), Set.of(), null);
  }

  private void move(
      Situation situation, ReleaseSequence sequence, Start start, Caller actor, Instant now) {
    LivePointers.Model model = situation.model();
    if (start.to() == null) {
      pointers.clear(model, now);
    } else {
      Long previous = sequence.previous().orElse(null);
      Long rolledBack = start.kind() == ReleaseKind.ROLLBACK ? model.live() : null;
      pointers
          .pointTo(model, start.to(), previous, situation.facts().reviewed(), rolledBack, now)
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
    if (situation.facts().asked()) {
      gate.liveChanged(model);
    }
  }

  /** @return the feed's revision that tells of it */
  private long announce(Situation situation, Start start, Caller actor, long id) {
    var after = new TreeMap<String, Object>(Map.of("release_id", id));
    if (start.requestId() != null) {
      after.put("request_id", start.requestId());
    }
    if (start.reason() != null) {
      after.put("reason", start.reason());
    }
    record(
        situation.model(),
        actor,
        "release." + start.kind().label(),
        situation.version(start.to()),
        situation.version(situation.model().live()),
        after);
    long revision = feed.bumpFor(id).revision();
    metrics.ended(start.kind(), ReleaseState.LIVE);
    return revision;
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

  private LivePointers.Version version(InFlight release) {
    return pointers.versions(List.of(release.to())).get(release.to());
  }
}
