package dev.slipway.registry.model;

import dev.slipway.registry.access.Caller;

/** A feature that may forbid a change of what decides which version callers reach, or which rules hold for a model. */
public interface ChangeGuard {

  /** @throws dev.slipway.registry.problem.RegistryException.Forbidden when the caller may not move or delete this alias by itself */
  void checkAlias(Caller actor, ModelView model, String alias);

  /** @throws dev.slipway.registry.problem.RegistryException.Forbidden when the caller may not set or delete this tag */
  void checkTag(Caller actor, ModelView model, String key);

  /**
   * Asked of a model that the present transaction has just made.
   *
   * @throws dev.slipway.registry.problem.RegistryException.Forbidden when the caller may not make it with these tags
   */
  void checkNew(Caller actor, ModelView model);

  /** @throws dev.slipway.registry.problem.RegistryException.Forbidden when the caller may not give the model this name */
  void checkName(Caller actor, ModelView model, String newName);
}
