package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.Invalid;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Map;

/** Takes what external systems found about a request. */
@ApplicationScoped
public class Checks {
  private final Reviews reviews;
  private final RequestStore requests;
  private final CheckStore checks;
  private final Moves moves;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final ReviewMetrics metrics;
  private final Clock clock;

  Checks(
      Reviews reviews,
      RequestStore requests,
      CheckStore checks,
      Moves moves,
      LivePointers pointers,
      AuditLog audit,
      ReviewMetrics metrics,
      Clock clock) {
    this.reviews = reviews;
    this.requests = requests;
    this.checks = checks;
    this.moves = moves;
    this.pointers = pointers;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Keeps a named verdict. A new name or another verdict voids the approvals given so far; the same verdict again voids nothing.
   * The request applies itself when this was the last thing that it needed.
   *
   * @throws Invalid when the report is not well-formed
   * @throws Forbidden when the caller is anonymous or made the request, unless the policy is open
   * @throws Conflict when the request is closed; when it is complete but another release of the model is in flight: then the
   *     report is not kept
   */
  @Transactional
  public Request report(Caller caller, long id, CheckReport report) {
    report.requireValid();
    RequestRow before = reviews.lock(id);
    requireAllowed(caller, before);
    checks.put(id, report, caller.name(), clock.instant());
    RequestRow after = reviews.lock(id);
    // Marked now: a verdict that changes back later must not bring an approval to life again.
    requests.approvals(after).stream()
        .filter(approval -> approval.voidReason() == null)
        .forEach(approval -> approval
            .voidUnder(after.now())
            .ifPresent(reason -> requests.voidApproval(approval.id(), reason, clock.instant())));
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
  }

  private void applyIfComplete(Caller caller, RequestRow request) {
    if (request.state() != RequestState.OPEN || request.rule().checks().isEmpty()) {
      return;
    }
    Decision.Verdict verdict = Decision.decide(
        request.rule(), request.requester(), requests.approvals(request), request.now());
    if (verdict.outcome() == Decision.Outcome.APPROVED) {
      requests.refresh(request.id(), request.now(), clock.instant());
      Model model = pointers.lock(request.modelId()).orElseThrow();
      moves.apply(model, pointers.version(model, request.version()), request, caller);
      metrics.transition(request.to(), "granted");
    }
  }
}
