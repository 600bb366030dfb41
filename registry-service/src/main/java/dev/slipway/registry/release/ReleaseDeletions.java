package dev.slipway.registry.release;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.model.DeletionGuard;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.Conflict;
import jakarta.enterprise.context.ApplicationScoped;

/** Live, standby and prepared versions, and their models, stay as they are. */
@ApplicationScoped
class ReleaseDeletions implements DeletionGuard {
  private final Database database;

  ReleaseDeletions(Database database) {
    this.database = database;
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

  @Override
  public void versionDeleted(long version) {
    // Its releases stay, by number; its jobs go with its row.
  }

  @Override
  public void modelDeleted(long model) {
    database.update("delete from release where model_id = ?", model);
  }
}
