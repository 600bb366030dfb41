package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Moves aliases: at once, or by a request where the policy protects them and entering Production needs something. */
@ApplicationScoped
public class Aliases {
  private final Models models;
  private final LivePointers pointers;
  private final Policies policies;
  private final RequestStore requests;
  private final Reviews reviews;
  private final CheckStore checks;
  private final CheckNames checkNames;
  private final AuditLog audit;
  private final Clock clock;

  Aliases(
      Models models,
      LivePointers pointers,
      Policies policies,
      RequestStore requests,
      Reviews reviews,
      CheckStore checks,
      CheckNames checkNames,
      AuditLog audit,
      Clock clock) {
    this.models = models;
    this.pointers = pointers;
    this.policies = policies;
    this.requests = requests;
    this.reviews = reviews;
    this.checks = checks;
    this.checkNames = checkNames;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Lets an alias point at a version.
   *
   * @return the request that it waits for, the same one however often it is asked; empty when it points there now
   * @throws Forbidden when the caller is anonymous and the policy is not open
   */
  @Transactional
  public Optional<Request> set(Caller caller, String name, String alias, int number) {
    Model model = pointers.lock(name);
    Policy policy = policies.inForce(model.id());
    PolicyRules.MoveRule rule = policy.rules().ruleForAlias(alias);
    if (rule.needsNothing()) {
      models.setAlias(caller, name, alias, number);
      return Optional.empty();
    }
    if (caller.isAnonymous()) {
      throw new Forbidden("name-needed", "a protected alias is moved by name: say who you are");
    }
    Version version = pointers.version(model, number);
    ModelView view = models.get(name);
    Integer present = view.aliases().get(alias);
    if (Objects.equals(present, number)) {
      return Optional.empty();
    }
    return Optional.of(request(caller, model, version, alias, present, policy));
  }

  private Request request(
      Caller caller, Model model, Version version, String alias, Integer present, Policy policy) {
    Optional<RequestRow> waiting = requests.pendingAlias(version.id(), alias);
    if (waiting.isPresent()) {
      return reviews.get(waiting.get().id());
    }
    Instant now = clock.instant();
    String replaced = present == null ? null : pointers.version(model, present).digest();
    var bindings = new Bindings(
        version.digest(), version.stage(), version.stage(), policy.id(), replaced, Set.of());
    Instant end = Expiry.end(policy.rules().ruleForAlias(alias), now);
    long id = requests
        .insert(model.id(), version.id(), alias, bindings, caller.name(), null, false, end, now)
        .orElseThrow();
    checks.open(id, checkNames.computed(), now);
    audit.append(
        caller,
        "request.open",
        Reviews.object(model.name(), id),
        version.digest(),
        null,
        Map.of("version", version.number(), "alias", alias));
    return reviews.get(id);
  }

  /** @throws Forbidden when the alias is protected and the caller no admin, or the caller is anonymous, unless the policy is open */
  @Transactional
  public void delete(Caller caller, String name, String alias) {
    models.deleteAlias(caller, name, alias);
  }
}
