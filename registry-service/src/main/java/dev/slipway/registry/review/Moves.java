package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.ReleaseState;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.release.Settings;
import dev.slipway.registry.release.Situation;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Says which moves there are, and makes those that are granted. Runs under the model's row lock. */
@ApplicationScoped
class Moves {
  private final LivePointers pointers;
  private final Releases releases;
  private final Settings settings;
  private final RequestStore requests;
  private final Voids voids;
  private final RequestOutcomes outcomes;
  private final Models models;
  private final AuditLog audit;
  private final Clock clock;

  Moves(
      LivePointers pointers,
      Releases releases,
      Settings settings,
      RequestStore requests,
      Voids voids,
      RequestOutcomes outcomes,
      Models models,
      AuditLog audit,
      Clock clock) {
    this.pointers = pointers;
    this.releases = releases;
    this.settings = settings;
    this.requests = requests;
    this.voids = voids;
    this.outcomes = outcomes;
    this.models = models;
    this.audit = audit;
    this.clock = clock;
  }

  /** @throws Conflict when the table has no such move, or the version cannot be released; the message says what to do */
  void requirePossible(Model model, Version version, Stage to, PolicyRules rules) {
    if (rules.isOpen()) {
      return;
    }
    Stage from = version.stage();
    if (from == to) {
      throw refused(model, version, "already-there", "is in " + to + " already");
    }
    if (from.moveTo(to) == Stage.Move.ROLLBACK_ONLY) {
      throw refused(
          model,
          version,
          "move-not-possible",
          "was archived: it goes back to Production by a rollback, or by a request to Staging and from there to Production");
    }
    if (from.moveTo(to) == Stage.Move.REFUSED) {
      String possible = Arrays.stream(Stage.values())
          .filter(stage -> from.moveTo(stage) == Stage.Move.ALLOWED)
          .map(Stage::label)
          .collect(Collectors.joining(", "));
      throw refused(
          model,
          version,
          "move-not-possible",
          "is in " + from + ": from there it can move to " + possible + ", not to " + to);
    }
    if (to == Stage.PRODUCTION) {
      requireReleasable(model, version);
    }
  }

  /** Of two promotions at once, one wins: the other waited for the model's lock, and would undo it unseen. */
  void requireNotOvertaken(Long seen, Model locked, Stage to, PolicyRules rules) {
    if (to == Stage.PRODUCTION && !rules.isOpen() && !Objects.equals(seen, locked.live())) {
      throw LiveChanged.refusal(
          locked, releases.latest(locked), "compare with what is live now, then ask again");
    }
  }

  /** What nobody stands for: a new version's way to Staging, as MLflow's clients without a user go it, where it is in nobody's way. */
  void requireHarmless(Version version, Stage to, PolicyRules.MoveRule rule) {
    if (!rule.needsNothing()) {
      throw new Forbidden(
          "name-needed",
          "a move that needs approvals or checks is asked for by name, as the requester's own approval never counts: say who you are");
    }
    boolean first = version.stage() == Stage.NONE && to == Stage.STAGING;
    if (!first || requests.isPending(version.id())) {
      throw new Forbidden(
          "name-needed",
          "without a name a version can only go from None to Staging, while nobody asks for another move of it: say who you are");
    }
  }

  /** @throws Conflict when the version can never be live as it is */
  void requireReleasable(Model model, Version version) {
    if (!version.ready()) {
      throw refused(
          model,
          version,
          "not-ready",
          "is not registered completely: upload its files and complete it first");
    }
    if (version.digest() == null) {
      throw refused(
          model,
          version,
          "no-snapshot",
          "has no files of its own, as its source could not be resolved: register it again with its files");
    }
    if (version.servable().equals("no")) {
      throw refused(
          model, version, "not-servable", "cannot be served: " + version.servableReason());
    }
  }

  /** Makes a granted move. A switch may go on after the transaction: then the request stays approved until it has ended. */
  void apply(Model model, Version version, RequestRow request, Caller actor) {
    requests.settle(request.id(), RequestState.APPROVED, null, clock.instant());
    if (request.alias() != null) {
      models.moveAlias(actor, model.name(), request.alias(), version.number());
      voids.forAlias(model.id(), request.alias());
      outcomes.applied(request, actor);
    } else if (request.policy().rules().isOpen()) {
      label(model, version, request, actor);
    } else if (request.to() == Stage.PRODUCTION) {
      release(model, version, request, actor);
    } else if (Objects.equals(model.live(), version.id())) {
      relabel(model, version, request.to(), actor, clock.instant());
      background(releases.retire(model, request.comment(), actor, request.id()));
    } else {
      relabel(model, version, request.to(), actor, clock.instant());
      outcomes.applied(request, actor);
      outcomes.supersedeMoved(model);
    }
  }

  private void release(Model model, Version version, RequestRow request, Caller actor) {
    if (version.stage() == Stage.ARCHIVED) {
      Situation situation = releases.situation(model, List.of(version.number()));
      background(releases.rollBack(
          situation,
          releases.rollbackTarget(situation, version.number()),
          request.comment(),
          actor,
          request.id()));
    } else {
      requireReleasable(model, version);
      background(releases.promote(model, version, actor, request.id(), false));
    }
  }

  /** Stages are labels: they move at once, and the pointer follows the version that was promoted last. */
  private void label(Model model, Version version, RequestRow request, Caller actor) {
    // One time for all that moves: MLflow's clients compare them.
    Instant now = clock.instant();
    pointers.tie(model.id(), false);
    if (request.archiveExisting()) {
      pointers
          .archiveOthers(model, version.id(), request.to(), now)
          .forEach(other -> audit.append(
              actor,
              "version.stage",
              "model/" + model.name() + "/version/" + other.number(),
              other.digest(),
              Map.of("stage", other.from()),
              Map.of("stage", other.to())));
    }
    relabel(model, version, request.to(), actor, now);
    outcomes.applied(request, actor);
    boolean live = Objects.equals(model.live(), version.id());
    if (request.to() == Stage.PRODUCTION) {
      boolean servable =
          version.ready() && version.digest() != null && !version.servable().equals("no");
      if (!live && servable) {
        background(releases.promote(model, version, actor, request.id(), true));
      }
    } else if (live) {
      Version next = requests
          .lastPromoted(model.id(), version.id())
          .map(id -> pointers.versions(List.of(id)).get(id))
          .orElse(null);
      background(
          next == null
              ? releases.retire(model, request.comment(), actor, request.id())
              : releases.promote(model, next, actor, request.id(), true));
    }
  }

  private void relabel(Model model, Version version, Stage to, Caller actor, Instant now) {
    pointers.moveStage(version.id(), to, now);
    audit.append(
        actor,
        "version.stage",
        "model/" + model.name() + "/version/" + version.number(),
        version.digest(),
        Map.of("stage", version.stage()),
        Map.of("stage", to));
    if (version.stage() == Stage.STAGING || to == Stage.STAGING) {
      settings.stagingChanged(model.id());
    }
  }

  private void background(Release release) {
    if (release.state() == ReleaseState.LIVE) {
      releases.confirmAfterCommit(release);
    }
  }

  private static RegistryException refused(Model model, Version version, String slug, String why) {
    return new Conflict(
            slug, "version " + version.number() + " of model '" + model.name() + "' " + why)
        .with("model", model.name())
        .with("version", version.number());
  }
}
