package dev.slipway.registry.release;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.model.DeletionGuard;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.release.ReleaseStore.Start;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/**
 * Live, standby and prepared versions, and their models, stay as they are where moves are reviewed. Where stages are labels they
 * may be deleted as MLflow does it: a release under way ends, the live version is retired, a rollback returns to an earlier one.
 */
@ApplicationScoped
class ReleaseDeletions implements DeletionGuard {
  private final Database database;
  private final LivePointers pointers;
  private final ReleaseStore releases;
  private final Situations situations;
  private final Switch switching;
  private final ReleaseGate gate;
  private final Clock clock;

  ReleaseDeletions(
      Database database,
      LivePointers pointers,
      ReleaseStore releases,
      Situations situations,
      Switch switching,
      ReleaseGate gate,
      Clock clock) {
    this.database = database;
    this.pointers = pointers;
    this.releases = releases;
    this.situations = situations;
    this.switching = switching;
    this.gate = gate;
    this.clock = clock;
  }

  @Override
  public void letGoOf(Caller actor, VersionView version) {
    if (gate.isReviewed(version.modelId())) {
      return;
    }
    Model model = pointers.lock(version.model());
    String why = "version " + version.number() + " was deleted";
    releases
        .inFlightOf(model.id())
        .filter(it -> it.to() == version.id() || Objects.equals(it.from(), version.id()))
        .ifPresent(it -> switching.end(model, it, actor, why, List.of()));
    if (Objects.equals(model.live(), version.id())) {
      retire(actor, model, why);
    } else if (Objects.equals(model.previous(), version.id())) {
      pointers.returnTo(
          model,
          situations
              .of(model, List.of(), List.of())
              .facts()
              .switches()
              .without(version.number())
              .previous()
              .orElse(null));
    }
  }

  @Override
  public void letGoOf(Caller actor, ModelView view) {
    if (gate.isReviewed(view.id())) {
      return;
    }
    Model model = pointers.lock(view.name());
    String why = "the model was deleted";
    releases
        .inFlightOf(model.id())
        .ifPresent(it -> switching.end(model, it, actor, why, List.of()));
    if (model.live() != null) {
      retire(actor, model, why);
    }
  }

  private void retire(Caller actor, Model model, String why) {
    var start = new Start(
        model.id(),
        ReleaseKind.RETIRE,
        model.live(),
        null,
        null,
        why,
        actor.name(),
        clock.instant());
    switching.now(situations.of(model), start, actor, List.of());
  }

  @Override
  public void checkVersion(Caller actor, VersionView version) {
    boolean standby = database
        .first(
            "select 1 from registered_model where previous_version_id = ?",
            row -> true,
            version.id())
        .isPresent();
    if (standby) {
      throw new Conflict(
              "version-standby",
              "version " + version.number() + " of '" + version.model()
                  + "' is what a rollback would return to: retire the live version first, or promote another")
          .with("model", version.model())
          .with("version", version.number());
    }
    boolean preparing = database
        .first(
            "select 1 from release where state in ('preparing', 'stepping') and to_version_id = ?",
            row -> true,
            version.id())
        .isPresent();
    if (preparing) {
      throw new Conflict(
              "version-preparing",
              "version " + version.number() + " of '" + version.model()
                  + "' is being released: wait until that has ended")
          .with("model", version.model())
          .with("version", version.number());
    }
  }

  @Override
  public void checkModel(Caller actor, ModelView model) {
    if (model.liveVersion() != null) {
      throw new Conflict(
              "model-in-use",
              "version " + model.liveVersion() + " of '" + model.name()
                  + "' is live: retire it first")
          .with("model", model.name());
    }
    boolean preparing = database
        .first(
            "select 1 from release where state in ('preparing', 'stepping') and model_id = ?",
            row -> true,
            model.id())
        .isPresent();
    if (preparing) {
      throw new Conflict(
              "model-in-use",
              "a version of '" + model.name() + "' is being released: wait until that has ended")
          .with("model", model.name());
    }
  }

  /** A name is what callers say; where moves are not reviewed it is theirs to change. */
  @Override
  public void checkRename(Caller actor, ModelView model) {
    if (gate.isReviewed(model.id())) {
      checkModel(actor, model);
    }
  }

  @Override
  public void versionDeleted(long version) {
    // Its releases stay, by number; its jobs go with its row.
  }

  @Override
  public void modelDeleted(long model) {
    database.update("delete from release where model_id = ?", model);
  }
}
