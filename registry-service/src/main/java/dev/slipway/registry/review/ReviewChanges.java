package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.model.ChangeGuard;
import dev.slipway.registry.model.ModelReselected;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Keeps a reviewed policy from being gone round by an alias, or by a name or a tag that another policy goes by. */
@ApplicationScoped
class ReviewChanges implements ChangeGuard {
  private final Policies policies;
  private final PolicyStore store;

  ReviewChanges(Policies policies, PolicyStore store) {
    this.policies = policies;
    this.store = store;
  }

  @Override
  public void checkAlias(Caller actor, ModelView model, String alias) {
    PolicyRules rules = policies.inForce(model.id()).rules();
    if (rules.isOpen()) {
      return;
    }
    requireName(actor, "aliases are moved by name: say who you are");
    // Where entering Production needs nothing there is no request that it could move by.
    if (!rules.ruleForAlias(alias).needsNothing() && !actor.has(Role.ADMIN)) {
      throw new Forbidden(
              "alias-protected",
              "the policy protects the alias '" + alias + "' of model '" + model.name()
                  + "': it moves by a request, and only an admin deletes it")
          .with("model", model.name())
          .with("alias", alias);
    }
  }

  @Override
  public void checkTag(Caller actor, ModelView model, String key) {
    // What the name gives counts too: it holds again once the model's own policy is taken away.
    boolean open = policies.inForce(model.id()).rules().isOpen()
        && policies.ofName(model.name()).rules().isOpen();
    if (open || !store.selects(key)) {
      return;
    }
    requireName(actor, "a tag that a policy goes by is set by name: say who you are");
    actor.require(Role.ADMIN, "change the tag '" + key + "', which a policy goes by");
  }

  @Override
  public void checkNew(Caller actor, ModelView model) {
    if (model.tags().isEmpty()) {
      return;
    }
    Policy named = policies.ofName(model.name());
    if (!named.rules().isOpen() && policies.inForce(model.id()).id() != named.id()) {
      requireName(
          actor, "a model with a tag that a policy goes by is made by name: say who you are");
      actor.require(Role.ADMIN, "make a model with a tag that another policy goes by");
    }
  }

  @Override
  public void checkName(Caller actor, ModelView model, String newName) {
    Policy before = policies.inForce(model.id());
    boolean same = store
        .inForce(model.id(), newName)
        .map(Policy::id)
        .filter(id -> id == before.id())
        .isPresent();
    if (!before.rules().isOpen() && !same) {
      actor.require(Role.ADMIN, "give a model a name that another policy goes by");
    }
  }

  void reselected(@Observes ModelReselected event) {
    policies.changed(event.modelId());
  }

  private static void requireName(Caller actor, String otherwise) {
    if (actor.isAnonymous()) {
      throw new Forbidden("name-needed", otherwise);
    }
  }
}
