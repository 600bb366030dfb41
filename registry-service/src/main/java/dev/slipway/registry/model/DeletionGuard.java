package dev.slipway.registry.model;

import dev.slipway.registry.access.Caller;

/** A feature that may forbid the deletion or renaming of what it still needs. */
public interface DeletionGuard {

  /** @throws dev.slipway.registry.problem.RegistryException.Conflict saying what to do first */
  void checkVersion(Caller actor, VersionView version);

  /** @throws dev.slipway.registry.problem.RegistryException.Conflict saying what to do first */
  void checkModel(Caller actor, ModelView model);

  /** Removes what the feature keeps of a version that is about to be deleted. */
  void versionDeleted(long versionId);

  /** Removes what the feature keeps of a model that is about to be deleted. */
  void modelDeleted(long modelId);
}
