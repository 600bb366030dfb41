package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.review.PolicyStore.Held;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps a group from being the way round a reviewed policy: whoever is no admin changes one only where nothing that is reviewed,
 * before or after, is touched. Models that are still to come count too.
 */
@ApplicationScoped
class GroupChanges {
  private static final String DEED = "change a group's policy where models are reviewed";

  private final PolicyStore store;

  GroupChanges(PolicyStore store) {
    this.store = store;
  }

  /**
   * Makes the change, under the lock of the policies and in a transaction that a refusal rolls back.
   *
   * @param group what it selects after the change; null when it is taken away
   * @throws dev.slipway.registry.problem.RegistryException.Forbidden when the change needs an admin
   */
  <T> T make(Caller caller, PolicyGroup group, Supplier<T> change) {
    if (caller.has(Role.ADMIN)) {
      return change.get();
    }
    if (group != null && store.groups().stream().anyMatch(other -> takesFrom(group, other))) {
      caller.require(Role.ADMIN, DEED);
    }
    Map<Long, Held> before = store.held();
    T changed = change.get();
    Map<Long, Held> after = store.held();
    if (before.entrySet().stream()
        .anyMatch(model -> touchesReviewed(model.getValue(), after.get(model.getKey())))) {
      caller.require(Role.ADMIN, DEED);
    }
    return changed;
  }

  private static boolean takesFrom(PolicyGroup group, Policy other) {
    return !other.rules().isOpen()
        && !other.group().name().equals(group.name())
        && group.canTakeFrom(other.group());
  }

  private static boolean touchesReviewed(Held before, Held after) {
    return after != null
        && before.policy() != after.policy()
        && (before.reviewed() || after.reviewed());
  }
}
