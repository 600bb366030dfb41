package dev.slipway.registry.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.Invalid;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes what external systems found about a request. */
@ApplicationScoped
public class Checks {
  private final Reviews reviews;
  private final ApprovalStore given;
  private final Voids voids;
  private final CheckStore checks;
  private final Grants grants;
  private final AuditLog audit;
  private final CheckNames names;
  private final Clock clock;

  Checks(
      Reviews reviews,
      ApprovalStore given,
      Voids voids,
      CheckStore checks,
      Grants grants,
      AuditLog audit,
      CheckNames names,
      Clock clock) {
    this.reviews = reviews;
    this.given = given;
    this.voids = voids;
    this.checks = checks;
    this.grants = grants;
    this.audit = audit;
    this.names = names;
    this.clock = clock;
  }

  /** How fast the check {@code latency} last found a version: p50_ms, p95_ms, p99_ms; empty where it has found nothing yet. */
  @Transactional
  public Optional<JsonNode> latency(VersionView version) {
    return checks.latency(version.id());
  }

  /**
   * Keeps a named verdict. A new name or another verdict voids the approvals given so far; the same verdict again voids nothing.
   * The request applies itself when this was the last thing that it needed.
   *
   * @throws Invalid when the report is not well-formed
   * @throws Forbidden when the caller is anonymous or made the request; has no role that reports checks, or made the version where
   *     the policy names no such roles; unless the policy is open
   * @throws Conflict when the request is closed; when it is complete but another release of the model is in flight: then the
   *     report is not kept
   */
  @Transactional
  public Request report(Caller caller, long id, CheckReport report) {
    report.requireValid();
    if (names.computed().contains(report.name())) {
      throw new Invalid("'" + report.name()
          + "' is a check that Slipway makes itself: report under another name");
    }
    RequestRow before = reviews.lock(id);
    requireAllowed(caller, before);
    checks.put(id, report, caller.name(), clock.instant());
    RequestRow after = voidChanged(id);
    audit.append(
        caller,
        "request.check",
        Reviews.object(after.model(), id),
        after.now().digest(),
        null,
        Map.of("check", report.name(), "verdict", report.verdict()));
    applyIfComplete(caller, after);
    return reviews.get(id);
  }

  /** After another verdict on a locked request: the move is made if that was the last thing it needed. */
  void changed(Caller caller, long id) {
    applyIfComplete(caller, voidChanged(id));
  }

  private void applyIfComplete(Caller caller, RequestRow request) {
    if (request.state() == RequestState.OPEN && !request.rule().checks().isEmpty()) {
      grants.applyIfComplete(caller, request);
    }
  }

  private RequestRow voidChanged(long id) {
    RequestRow after = reviews.lock(id);
    // Marked now: a verdict that changes back later must not bring an approval to life again.
    given.approvals(after).stream()
        .filter(approval -> approval.voidReason() == null)
        .forEach(approval ->
            approval.voidUnder(after.now()).ifPresent(reason -> voids.one(approval.id(), reason)));
    return after;
  }

  private static void requireAllowed(Caller caller, RequestRow request) {
    if (request.state() != RequestState.OPEN && request.state() != RequestState.APPROVED) {
      throw Reviews.closed(request);
    }
    if (request.policy().rules().isOpen()) {
      return;
    }
    if (caller.isAnonymous()) {
      throw new Forbidden("name-needed", "a check is reported by name: say who you are");
    }
    if (caller.name().equals(request.requester())) {
      throw new Forbidden(
          "own-check", "you made this request: its checks are reported by somebody else");
    }
    Set<Role> reporters = request.rule().reporters();
    if (reporters.isEmpty() && caller.name().equals(request.uploader())) {
      throw new Forbidden(
          "own-check",
          "you made this version: its checks are reported by somebody else, or by a role that the policy names in 'reporters'");
    }
    if (!reporters.isEmpty() && !caller.hasAny(reporters)) {
      throw new Forbidden(
          "may-not-report",
          "a check of this request is reported by one of the roles "
              + reporters.stream().sorted().map(Role::label).collect(Collectors.joining(", ")));
    }
  }
}
