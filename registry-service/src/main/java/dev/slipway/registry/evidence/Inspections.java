package dev.slipway.registry.evidence;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.Jobs;
import dev.slipway.registry.review.Policies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** Has a gateway look once more at a version that it could not serve: the time was too short, memory was scarce, it lacked an engine. */
@ApplicationScoped
public class Inspections {
  private final Versions versions;
  private final Policies policies;
  private final Jobs jobs;
  private final AuditLog audit;

  Inspections(Versions versions, Policies policies, Jobs jobs, AuditLog audit) {
    this.versions = versions;
    this.policies = policies;
    this.jobs = jobs;
    this.audit = audit;
  }

  /** Whether a new look can come to another answer: the files are the same, so not where it can be served. */
  public static boolean makesSense(VersionView version) {
    return version.digest() != null
        && version.servable().state() != Servable.State.YES
        && version.servable().reason() != null;
  }

  /** Why the caller cannot have the version inspected again, in words; empty when it can. */
  @Transactional
  public Optional<String> obstacle(Caller caller, VersionView version) {
    return caller.isAnonymous() && !policies.inForce(version.modelId()).rules().isOpen()
        ? Optional.of("a version is inspected again by name: say who you are")
        : Optional.empty();
  }

  /**
   * Until the answer is there nobody knows whether it can be served.
   *
   * @throws Forbidden when the caller has no name, unless the policy is open
   * @throws Conflict when it can be served, has no files, or is being inspected
   */
  @Transactional
  public VersionView again(Caller caller, String model, int number) {
    VersionView version = versions.get(model, number);
    obstacle(caller, version).ifPresent(reason -> {
      throw new Forbidden("name-needed", reason);
    });
    if (!makesSense(version)) {
      throw new Conflict("not-inspected-again", "version " + number + " " + why(version));
    }
    jobs.inspectAgain(version.id());
    audit.append(
        caller,
        "version.inspect",
        "model/" + model + "/version/" + number,
        version.digest().value(),
        version.servable(),
        null);
    return versions.get(model, number);
  }

  private static String why(VersionView version) {
    if (version.digest() == null) {
      return "has no files here to inspect";
    }
    return version.servable().state() == Servable.State.YES
        ? "can be served, and its files cannot have changed: there is nothing to find out"
        : "is being inspected, or waits for a gateway that does it";
  }
}
