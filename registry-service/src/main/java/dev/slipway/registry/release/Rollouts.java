package dev.slipway.registry.release;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.ReleaseStore.InFlight;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/** What people do with a release in steps: go on, or take all of it back. */
@ApplicationScoped
public class Rollouts {
  private final Releases releases;
  private final ReleaseStore store;
  private final LivePointers pointers;
  private final Switch switching;
  private final Steps steps;
  private final ReleaseGate gate;

  Rollouts(
      Releases releases,
      ReleaseStore store,
      LivePointers pointers,
      Switch switching,
      Steps steps,
      ReleaseGate gate) {
    this.releases = releases;
    this.store = store;
    this.pointers = pointers;
    this.switching = switching;
    this.steps = steps;
    this.gate = gate;
  }

  /**
   * Goes to the next step of a release, after the last to all of the traffic; nothing is judged then.
   *
   * @param seen the number of the step that the caller saw it at, from 1; null for whichever it is at
   * @throws Forbidden unless the caller may approve a move to Production, where the policy wants that approved
   * @throws Conflict when the release is at no step, what it was approved for has changed, or the version is not READY everywhere
   */
  @Transactional
  public Release advance(Caller caller, long id, Integer seen) {
    Stepping at = stepping(caller, id);
    if (seen != null && at.release().step() + 1 != seen) {
      throw new Conflict(
              "release-went-on",
              "release " + id + " is at step " + (at.release().step() + 1) + " by now")
          .with("release_id", id);
    }
    gate.requireApprover(caller, at.model().id(), "bring more requests to a version");
    steps.objection(at.model(), at.release()).ifPresent(objection -> {
      throw new Conflict("release-not-allowed", "release " + id + " cannot go on: " + objection)
          .with("release_id", id);
    });
    if (steps.advance(at.model(), at.release(), caller)) {
      Version version = version(at.release());
      Readiness.Result result = releases.readiness(at.model(), version);
      if (result.outcome() != Readiness.Outcome.READY) {
        throw new Conflict(
                "not-ready",
                "version " + version.number() + " is READY on " + result.warm() + " of "
                    + result.connected() + " replicas: wait until it is on all of them")
            .with("release_id", id);
      }
      if (switching.prepared(at.model(), at.release(), result.replicas())) {
        releases.confirmAfterCommit(releases.get(id));
      }
    }
    return releases.get(id);
  }

  /**
   * Gives all traffic back to the live version, in one revision of the feed.
   *
   * @throws Conflict when the release is at no step
   */
  @Transactional
  public Release undo(Caller caller, long id, String reason) {
    Stepping at = stepping(caller, id);
    return undo(at.model(), at.release(), caller, reason);
  }

  /** As {@link #undo(Caller, long, String)} for the model's release at a step, in the caller's transaction; empty when there is none. */
  public Optional<Release> undoInFlight(
      Situation situation, Caller caller, Integer version, String reason) {
    if (!situation.facts().inFlight()) {
      return Optional.empty();
    }
    Model model = situation.model();
    return store
        .inFlightOf(model.id())
        .filter(it -> it.state() == ReleaseState.STEPPING)
        .filter(it -> version == null || version(it).number() == version)
        .map(it -> undo(model, it, caller, reason));
  }

  private Release undo(Model model, InFlight release, Caller caller, String reason) {
    List<ReplicaOutcome> outcomes = releases.readiness(model, version(release)).replicas();
    switching.end(model, release, caller, "by " + caller.name() + ": " + reason, outcomes);
    return releases.get(release.id());
  }

  /** A release at a step, its model locked. */
  private record Stepping(Model model, InFlight release) {}

  private Stepping stepping(Caller caller, long id) {
    Model model = pointers.lock(releases.get(id).model());
    if (caller.isAnonymous() && gate.isReviewed(model.id())) {
      throw new Forbidden("name-needed", "a release is moved by name: say who you are");
    }
    InFlight release = store
        .inFlight(id)
        .filter(it -> it.state() == ReleaseState.STEPPING)
        .orElseThrow(() -> new Conflict(
                "release-not-stepping",
                "release " + id + " is " + releases.get(id).state().label()
                    + ": only one at a step can be moved")
            .with("release_id", id));
    return new Stepping(model, release);
  }

  private Version version(InFlight release) {
    return pointers.versions(List.of(release.to())).get(release.to());
  }
}
