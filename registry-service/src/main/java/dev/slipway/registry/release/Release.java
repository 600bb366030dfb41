package dev.slipway.registry.release;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One move of a model's live pointer, or the attempt. The id is the place in the release sequence.
 *
 * @param fromVersion the version that was live before; null when none was
 * @param toVersion the version that is to be live after; null for a retirement
 * @param reason why it was asked for (rollback, retirement) or why it failed
 * @param requestId the request that it carries out; null for a rollback that needed none
 * @param feedRevision of the switch; while preparing, the revision that told the replicas to prepare
 * @param durationMs from the start to the switch
 * @param replicas what each replica did, as last recorded
 * @param rollout how far its steps have come; null for a direct release
 * @param message one line for people, such as "live on 2 of 2"
 */
public record Release(
    long id,
    String model,
    ReleaseKind kind,
    Integer fromVersion,
    Integer toVersion,
    ReleaseState state,
    String reason,
    String actor,
    Long requestId,
    Instant startedAt,
    Instant switchedAt,
    Long feedRevision,
    Long durationMs,
    List<ReplicaOutcome> replicas,
    Rollout rollout,
    String message) {

  public Release {
    replicas = List.copyOf(replicas);
    durationMs =
        switchedAt == null ? null : Duration.between(startedAt, switchedAt).toMillis();
    message =
        message != null ? message : describe(kind, state, toVersion, reason, replicas, rollout);
  }

  Release withReplicas(List<ReplicaOutcome> outcomes) {
    return new Release(
        id,
        model,
        kind,
        fromVersion,
        toVersion,
        state,
        reason,
        actor,
        requestId,
        startedAt,
        switchedAt,
        feedRevision,
        durationMs,
        outcomes,
        rollout,
        null);
  }

  private static String describe(
      ReleaseKind kind,
      ReleaseState state,
      Integer toVersion,
      String reason,
      List<ReplicaOutcome> replicas,
      Rollout rollout) {
    long connected = replicas.stream().filter(ReplicaOutcome::isConnected).count();
    String silent = replicas.stream()
        .filter(one -> !one.isConnected())
        .map(ReplicaOutcome::replica)
        .reduce("", (all, one) -> all.isEmpty() ? "; not heard from: " + one : all + ", " + one);
    return switch (state) {
      case FAILED -> "failed: " + reason;
      case UNDONE -> "undone: " + reason;
      case STEPPING -> rollout.describe(toVersion) + silent;
      case PREPARING ->
        "preparing version " + toVersion + " on " + connected
            + (connected == 1 ? " replica" : " replicas") + silent;
      case LIVE -> {
        // READY is not enough: until the switch is in force there, the replica answers by the
        // version before.
        long done = replicas.stream().filter(ReplicaOutcome::isConverged).count();
        String verb = kind == ReleaseKind.RETIRE ? "retired on " : "live on ";
        yield verb + done + " of " + connected + silent;
      }
    };
  }
}
