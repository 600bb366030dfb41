package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.model.DeletionGuard;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/** A version that somebody asks to move stays until the request is closed; closed requests outlive it, and go with their model. */
@ApplicationScoped
class ReviewDeletions implements DeletionGuard {
  private final Database database;
  private final Policies policies;

  ReviewDeletions(Database database, Policies policies) {
    this.database = database;
    this.policies = policies;
  }

  @Override
  public void checkVersion(Caller actor, VersionView version) {
    requireName(actor, version.modelId());
    Set<String> guarded = policies.inForce(version.modelId()).rules().guardedAliases();
    version.aliases().stream().filter(guarded::contains).findFirst().ifPresent(alias -> {
      throw new Conflict(
              "alias-protected",
              "version " + version.number() + " of '" + version.model()
                  + "' is what the protected alias '" + alias + "' points at: move that first")
          .with("model", version.model())
          .with("version", version.number());
    });
    pending("version_id", version.id()).ifPresent(request -> {
      throw new Conflict(
              "version-requested",
              "version " + version.number() + " of '" + version.model() + "' has the open request "
                  + request + ": withdraw or reject it first")
          .with("model", version.model())
          .with("version", version.number())
          .with("request_id", request);
    });
  }

  @Override
  public void checkModel(Caller actor, ModelView model) {
    requireName(actor, model.id());
    Policy held = policies.inForce(model.id());
    if (!held.rules().isOpen() && held.id() != policies.ofName(model.name()).id()) {
      actor.require(
          Role.ADMIN,
          "delete or rename a model whose policy is its own or its tag's, as the next one of that name would be under another");
    }
    pending("model_id", model.id()).ifPresent(request -> {
      throw new Conflict(
              "model-in-use",
              "model '" + model.name() + "' has the open request " + request
                  + ": withdraw or reject it first")
          .with("model", model.name())
          .with("request_id", request);
    });
  }

  /** Its requests stay, by its number, with what was said of them. */
  @Override
  public void versionDeleted(long version) {
    database.update(
        "update request_comment set version_id = null where version_id = ? and request_id is not null",
        version);
  }

  /** Its policies go with its row. */
  @Override
  public void modelDeleted(long model) {
    for (String table : new String[] {"approval", "request_comment"}) {
      database.update(
          "delete from " + table
              + " where request_id in (select id from transition_request where model_id = ?)",
          model);
    }
    database.update("delete from transition_request where model_id = ?", model);
  }

  private void requireName(Caller actor, long model) {
    if (actor.isAnonymous() && !policies.inForce(model).rules().isOpen()) {
      throw new Forbidden("name-needed", "deleting and renaming is done by name: say who you are");
    }
  }

  private Optional<Long> pending(String column, long id) {
    return database.first(
        "select id from transition_request where state in ('open', 'approved') and " + column
            + " = ? limit 1",
        row -> row.number("id"),
        id);
  }
}
