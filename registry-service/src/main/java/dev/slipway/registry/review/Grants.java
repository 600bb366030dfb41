package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
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
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the move of a request that has what it needs, and of one that somebody answers for instead. */
@ApplicationScoped
public class Grants {
  private final Reviews reviews;
  private final RequestStore requests;
  private final ApprovalStore approvals;
  private final Moves moves;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final ReviewMetrics metrics;
  private final Clock clock;

  Grants(
      Reviews reviews,
      RequestStore requests,
      ApprovalStore approvals,
      Moves moves,
      LivePointers pointers,
      AuditLog audit,
      ReviewMetrics metrics,
      Clock clock) {
    this.reviews = reviews;
    this.requests = requests;
    this.approvals = approvals;
    this.moves = moves;
    this.pointers = pointers;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Makes the move of a complete request, which waits for it where the policy says so.
   *
   * @throws Forbidden when the caller neither made the request nor has a role that approves it
   * @throws Conflict when the request is closed, or not complete: the message says what is missing; when another release is in
   *     flight
   */
  @Transactional
  public Request apply(Caller caller, long id) {
    RequestRow request = reviews.lock(id);
    requireOpen(request);
    boolean own = caller.name().equals(request.requester());
    if (caller.isAnonymous() || !(own || caller.hasAny(request.rule().roles()))) {
      throw new Forbidden(
          "may-not-apply", "a request is applied by whoever made it or may approve it");
    }
    Decision.Verdict verdict = verdict(request);
    if (verdict.outcome() != Decision.Outcome.APPROVED) {
      throw new Conflict(
              "request-not-complete",
              "this request is not complete: "
                  + Decision.missing(request.rule(), verdict, request.now()))
          .with("request_id", id);
    }
    requests.refresh(id, request.now(), clock.instant());
    audit.append(
        caller,
        "request.apply",
        Reviews.object(request.model(), id),
        request.now().digest(),
        null,
        Map.of("version", request.version(), "to", request.to()));
    grant(caller, request);
    return reviews.get(id);
  }

  /**
   * Makes the move without what it needs. The request shows for ever who did that and why.
   *
   * @throws Forbidden unless the policy names a role of the caller's for it
   * @throws Invalid without a reason
   * @throws Conflict when the request is closed, or another release is in flight
   */
  @Transactional
  public Request bypass(Caller caller, long id, String reason) {
    Reviews.requireComment(reason);
    RequestRow request = reviews.lock(id);
    requireOpen(request);
    requireBypass(caller, request.policy().rules().bypassRoles());
    if (reason == null || reason.isBlank()) {
      throw new Invalid("a bypass needs a reason: it is shown with the request for ever");
    }
    Decision.Verdict verdict = verdict(request);
    requests.refresh(id, request.now(), clock.instant());
    requests.bypass(id, caller.name(), reason, clock.instant());
    audit.append(
        caller,
        "request.bypass",
        Reviews.object(request.model(), id),
        request.now().digest(),
        null,
        Map.of(
            "version", request.version(),
            "to", request.to(),
            "reason", reason,
            "missing", Decision.missing(request.rule(), verdict, request.now())));
    metrics.transition(request.to(), "bypassed");
    grant(caller, reviews.find(id));
    return reviews.get(id);
  }

  /** After a vote or a check: makes the move if that was the last thing it needed and the policy lets it go by itself. */
  void applyIfComplete(Caller caller, RequestRow request) {
    if (!request.rule().isAppliedByHand()
        && verdict(request).outcome() == Decision.Outcome.APPROVED) {
      requests.refresh(request.id(), request.now(), clock.instant());
      grant(caller, request);
    }
  }

  Decision.Verdict verdict(RequestRow request) {
    return Decision.decide(
        request.rule(), request.people(), approvals.approvals(request), request.now());
  }

  private void grant(Caller caller, RequestRow request) {
    Model model = pointers.lock(request.modelId()).orElseThrow();
    moves.apply(model, pointers.version(model, request.version()), request, caller);
    metrics.transition(request.to(), "granted");
  }

  private static void requireOpen(RequestRow request) {
    if (request.state() != RequestState.OPEN) {
      throw Reviews.closed(request);
    }
  }

  private static void requireBypass(Caller caller, Set<Role> roles) {
    if (roles.isEmpty()) {
      throw new Forbidden(
          "no-bypass", "this policy has no bypass: an admin can name roles for it in bypass_roles");
    }
    if (caller.isAnonymous() || !caller.hasAny(roles)) {
      throw new Forbidden(
          "no-bypass",
          "'" + caller.name() + "' may not bypass this policy: it needs one of the roles "
              + roles.stream().sorted().map(Role::label).collect(Collectors.joining(", ")));
    }
  }
}
