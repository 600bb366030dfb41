package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.PreconditionFailed;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which rules a model's moves follow. A change is a new record, and voids what was approved under the one before. */
@ApplicationScoped
public class Policies {
  /** Wrote the server's policy from the configuration: it follows the configuration until an admin changes it. */
  private static final String CONFIGURATION = "slipway";

  private final PolicyStore store;
  private final RequestStore requests;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final Clock clock;
  private final PolicyMode configured;

  Policies(
      PolicyStore store,
      RequestStore requests,
      LivePointers pointers,
      AuditLog audit,
      Clock clock,
      @ConfigProperty(name = "slipway.policy.default", defaultValue = "reviewed") String mode) {
    this.store = store;
    this.requests = requests;
    this.pointers = pointers;
    this.audit = audit;
    this.clock = clock;
    this.configured = PolicyMode.of(mode);
  }

  @Transactional
  void start(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent event) {
    Policy present = server();
    if (present.createdBy().equals(CONFIGURATION) && present.rules().mode() != configured) {
      insert(null, present.number() + 1, CONFIGURATION, rules());
    }
  }

  /** The policy in force for a model: its own, else the server's. */
  public Policy inForce(long model) {
    return store.inForce(model).orElseGet(this::server);
  }

  /** As {@link #inForce(long)}. @throws NotFound when there is no such model */
  @Transactional
  public Policy inForce(String model) {
    return inForce(pointers.find(model).id());
  }

  /** The server's default. */
  @Transactional
  public Policy server() {
    return store.server().orElseGet(() -> {
      // An emptied database has none until somebody asks; two may ask at once.
      QuarkusTransaction.requiringNew()
          .run(() -> store.insert(null, 1, rules(), CONFIGURATION, clock.instant()));
      return store.server().orElseThrow();
    });
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
    LivePointers.Model locked = model == null ? null : pointers.lock(model);
    Policy before = locked == null ? server() : inForce(locked.id());
    if (!before.rules().isOpen()) {
      caller.require(Role.ADMIN, "change a policy");
    }
    if (expected != null && expected != before.id()) {
      throw new PreconditionFailed("the policy in force is record " + before.id() + " by now, not "
          + expected + ": read it again");
    }
    Long id = locked == null ? null : locked.id();
    int number = before.scope().equals(id == null ? "server" : "model") ? before.number() + 1 : 1;
    Policy after = insert(id, number, caller.name(), rules);
    if (locked == null) {
      pointers.tieWithoutOwnPolicy(!rules.isOpen());
    } else {
      pointers.tie(locked.id(), !rules.isOpen());
    }
    requests.voidForPolicy(id, clock.instant());
    audit.append(
        caller,
        "policy.change",
        locked == null ? "policy" : "model/" + locked.name() + "/policy",
        null,
        before,
        after);
    return after;
  }

  private Policy insert(Long model, int number, String by, PolicyRules rules) {
    Optional<Policy> inserted = store.insert(model, number, rules, by, clock.instant());
    return inserted.orElseThrow(() -> new Conflict(
        "policy-changed", "somebody else changed this policy just now: read it again"));
  }

  private PolicyRules rules() {
    return configured == PolicyMode.OPEN ? PolicyRules.open() : PolicyRules.reviewed();
  }
}
