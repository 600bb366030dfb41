package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.problem.RegistryException.PreconditionFailed;
import dev.slipway.registry.review.PolicyStore.Scope;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which rules a model's moves follow. A change is a new record, and voids what was approved under the one before. */
@ApplicationScoped
public class Policies {
  /** Wrote the first policy of the server. */
  private static final String FIRST = "slipway";
  /** Whoever configured the server and started it again. */
  private static final Caller CONFIGURATION = new Caller("configuration", Set.of(Role.ADMIN), null);
  /** A policy of theirs follows the configuration; one that an admin made does not. */
  private static final Set<String> FOLLOWERS = Set.of(FIRST, CONFIGURATION.name());

  private static final int HISTORY = 100;

  private final PolicyStore store;
  private final Voids voids;
  private final Expiry expiry;
  private final GroupChanges groupChanges;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final Clock clock;
  private final PolicyMode configured;

  Policies(
      PolicyStore store,
      Voids voids,
      Expiry expiry,
      GroupChanges groupChanges,
      LivePointers pointers,
      AuditLog audit,
      Clock clock,
      @ConfigProperty(name = "slipway.policy.default", defaultValue = "reviewed") String mode) {
    this.store = store;
    this.voids = voids;
    this.expiry = expiry;
    this.groupChanges = groupChanges;
    this.pointers = pointers;
    this.audit = audit;
    this.clock = clock;
    this.configured = PolicyMode.of(mode);
  }

  @Transactional
  void start(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent event) {
    // Of two registries that start at once the second finds it done.
    store.lock();
    Policy present = server();
    if (FOLLOWERS.contains(present.createdBy()) && present.rules().mode() != configured) {
      change(CONFIGURATION, Scope.SERVER, present, rules(), null, "policy");
    }
  }

  /** The policy in force for a model: its own, else its group's, else the server's. */
  public Policy inForce(long model) {
    return store.inForce(model).orElseGet(this::server);
  }

  /** As {@link #inForce(long)}. @throws NotFound when there is no such model */
  @Transactional
  public Policy inForce(String model) {
    return inForce(pointers.find(model).id());
  }

  /** The policy that a model called {@code name} gets by its name alone: a group's, else the server's. */
  Policy ofName(String name) {
    return store.ofName(name).orElseGet(this::server);
  }

  /** The server's default. */
  @Transactional
  public Policy server() {
    return store.server().orElseGet(() -> {
      // An emptied database has none until somebody asks; two may ask at once.
      QuarkusTransaction.requiringNew()
          .run(() -> store.insert(Scope.SERVER, rules(), false, FIRST, clock.instant()));
      return store.server().orElseThrow();
    });
  }

  /** The policies of groups, by name. */
  @Transactional
  public List<Policy> groups() {
    return store.groups();
  }

  /** @throws NotFound when no group of that name has a policy */
  @Transactional
  public Policy group(String name) {
    return store.group(name).orElseThrow(() -> noGroup(name));
  }

  private static NotFound noGroup(String name) {
    return new NotFound("policy-group-not-found", "there is no policy of a group '" + name + "'");
  }

  /**
   * Puts new rules in force.
   *
   * @param model its own policy; null for the server's default
   * @param expected the id of the record that the caller saw; null for any
   * @throws PreconditionFailed when another is in force by now
   */
  @Transactional
  public Policy change(Caller caller, String model, PolicyRules rules, Long expected) {
    store.lock();
    if (model == null) {
      return change(caller, Scope.SERVER, server(), rules, expected, "policy");
    }
    LivePointers.Model locked = pointers.lock(model);
    Scope scope = new Scope(locked.id(), null);
    return change(caller, scope, inForce(locked.id()), rules, expected, object(model));
  }

  /**
   * As {@link #change(Caller, String, PolicyRules, Long)} for the models of a group, which the change can select anew.
   *
   * @throws dev.slipway.registry.problem.RegistryException.Invalid when it is no group
   * @throws dev.slipway.registry.problem.RegistryException.Forbidden when models under a reviewed policy, of today or to come, would
   *     be under another one, and the caller is no admin
   */
  @Transactional
  public Policy changeGroup(Caller caller, PolicyGroup group, PolicyRules rules, Long expected) {
    group.requireValid();
    store.lock();
    Policy before = store.group(group.name()).orElseGet(this::server);
    return groupChanges.make(
        caller,
        group,
        () -> change(caller, new Scope(null, group), before, rules, expected, object(group)));
  }

  /** Takes the model's own policy away: its group's holds again, or the server's. @throws NotFound when it has none */
  @Transactional
  public void withdraw(Caller caller, String model) {
    store.lock();
    LivePointers.Model locked = pointers.lock(model);
    Policy before = inForce(locked.id());
    if (!before.scope().equals("model")) {
      throw new NotFound(
          "policy-not-found", "model '" + model + "' has no policy of its own: " + before.why());
    }
    withdraw(caller, new Scope(locked.id(), null), before, object(model));
  }

  /** As {@link #withdraw(Caller, String)} for the policy of a group. */
  @Transactional
  public void withdrawGroup(Caller caller, String name) {
    store.lock();
    Policy before = group(name);
    groupChanges.make(caller, null, () -> {
      withdraw(caller, new Scope(null, before.group()), before, object(before.group()));
      return before;
    });
  }

  /** Every policy that a model has had of its own, newest first; the server's where {@code model} is null. */
  @Transactional
  public List<PastPolicy> history(String model) {
    return store.history(
        model == null ? Scope.SERVER : new Scope(pointers.find(model).id(), null), HISTORY);
  }

  /** As {@link #history} of a group. @throws NotFound when no group of that name ever had a policy */
  @Transactional
  public List<PastPolicy> groupHistory(String name) {
    List<PastPolicy> past =
        store.history(new Scope(null, new PolicyGroup(name, null, null, null)), HISTORY);
    if (past.isEmpty()) {
      throw noGroup(name);
    }
    return past;
  }

  private Policy change(
      Caller caller, Scope scope, Policy before, PolicyRules rules, Long expected, String object) {
    requireAdmin(caller, before);
    if (expected != null && expected != before.id()) {
      throw new PreconditionFailed("the policy in force is record " + before.id()
          + " by now, made by " + before.createdBy() + ", not " + expected + ": read it again");
    }
    Policy after = insert(scope, rules, false, caller.name());
    audit.append(caller, "policy.change", object, null, before, after);
    changed(scope.model());
    return after;
  }

  private void withdraw(Caller caller, Scope scope, Policy before, String object) {
    requireAdmin(caller, before);
    insert(scope, before.rules(), true, caller.name());
    audit.append(caller, "policy.change", object, null, before, null);
    changed(scope.model());
  }

  private void requireAdmin(Caller caller, Policy before) {
    // A looser policy of one model or group must not be the way round the stricter one that it came
    // from.
    if (!before.rules().isOpen() || !server().rules().isOpen()) {
      caller.require(Role.ADMIN, "change a policy");
    }
  }

  /**
   * Another policy may hold now: stage and pointer are tied as it says, and what was approved under another is void.
   *
   * @param model null for every model
   */
  void changed(Long model) {
    pointers.tieAsPoliciesSay(model);
    voids.forPolicy(model);
    expiry.renew(model);
  }

  private Policy insert(Scope scope, PolicyRules rules, boolean withdrawn, String by) {
    return store
        .insert(scope, rules, withdrawn, by, clock.instant())
        .orElseThrow(() -> new Conflict(
            "policy-changed", "somebody else changed this policy just now: read it again"));
  }

  private static String object(String model) {
    return "model/" + model + "/policy";
  }

  private static String object(PolicyGroup group) {
    return "policy/group/" + group.name();
  }

  private PolicyRules rules() {
    return configured == PolicyMode.OPEN ? PolicyRules.open() : PolicyRules.reviewed();
  }
}
