package dev.slipway.registry.model;

import dev.slipway.registry.access.Caller;

/** A feature that may forbid the deletion or renaming of what it still needs. */
public interface DeletionGuard {

  /**
   * Lets go of a version that somebody wants to delete, where the model's policy leaves that to everybody. Asked before the checks,
   * in the same transaction, with the model's row locked.
   */
  default void letGoOf(Caller actor, VersionView version) {}

  /** As {@link #letGoOf(Caller, VersionView)}, of a model with all its versions. */
  default void letGoOf(Caller actor, ModelView model) {}

  /** @throws dev.slipway.registry.problem.RegistryException.Conflict saying what to do first */
  void checkVersion(Caller actor, VersionView version);

  /** @throws dev.slipway.registry.problem.RegistryException.Conflict saying what to do first */
  void checkModel(Caller actor, ModelView model);

  /** As {@link #checkModel}, of a model that gets another name. */
  default void checkRename(Caller actor, ModelView model) {
    checkModel(actor, model);
  }

  /** Removes what the feature keeps of a version that is about to be deleted. */
  void versionDeleted(long versionId);

  /** Removes what the feature keeps of a model that is about to be deleted. */
  void modelDeleted(long modelId);
}
