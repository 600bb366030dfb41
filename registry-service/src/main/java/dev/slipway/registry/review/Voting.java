package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.Releases;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Approvals and rejections. The last approval that a request needs applies it. */
@ApplicationScoped
public class Voting {
  private final Reviews reviews;
  private final RequestStore requests;
  private final Releases releases;
  private final ApprovalStore given;
  private final Voids voids;
  private final Grants grants;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final ReviewMetrics metrics;
  private final Clock clock;

  Voting(
      Reviews reviews,
      RequestStore requests,
      Releases releases,
      ApprovalStore given,
      Voids voids,
      Grants grants,
      LivePointers pointers,
      AuditLog audit,
      ReviewMetrics metrics,
      Clock clock) {
    this.reviews = reviews;
    this.requests = requests;
    this.releases = releases;
    this.given = given;
    this.voids = voids;
    this.grants = grants;
    this.pointers = pointers;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Approves. Somebody who approves has compared with the version that was live; when that is no longer the live one, the approval
   * is refused once, the request is shown against the new one, and approving again is possible.
   *
   * @param comparedWith digest of the live version that the caller looked at; null for the one that the request was last shown
   *     against
   * @throws Forbidden when the caller may not
   * @throws Conflict when the request is closed, approved by the caller already, or was compared with another live version; when
   *     it is complete but another release of the model is in flight, naming that, and the approval is not kept
   */
  @Transactional
  public Request approve(Caller caller, long id, String comment, String comparedWith) {
    return vote(caller, id, Approval.Kind.APPROVE, comment, comparedWith);
  }

  /** Rejects, which ends the request. @throws RegistryException as {@link #approve} */
  @Transactional
  public Request reject(Caller caller, long id, String comment) {
    return vote(caller, id, Approval.Kind.REJECT, comment, null);
  }

  /** Why the caller cannot approve it now, in words; empty when it can. */
  @Transactional
  public Optional<String> approvalObstacle(Caller caller, long id) {
    return obstacle(caller, id, Approval.Kind.APPROVE);
  }

  /** Why the caller cannot reject it now, in words; empty when it can. */
  @Transactional
  public Optional<String> rejectionObstacle(Caller caller, long id) {
    return obstacle(caller, id, Approval.Kind.REJECT);
  }

  private Optional<String> obstacle(Caller caller, long id, Approval.Kind verdict) {
    return requests
        .find(id)
        .flatMap(request -> refusal(caller, request, given.approvals(request), verdict))
        .map(Decision.Refusal::reason);
  }

  private static Optional<Decision.Refusal> refusal(
      Caller caller, RequestRow request, List<Approval> approvals, Approval.Kind verdict) {
    return Decision.mayVote(
        request.policy().rules(),
        request.rule(),
        request.state(),
        request.people(),
        approvals,
        request.now(),
        caller,
        verdict);
  }

  private Request vote(
      Caller caller, long id, Approval.Kind verdict, String comment, String comparedWith) {
    Reviews.requireComment(comment);
    cast(caller, id, verdict, comment, comparedWith);
    return reviews.get(id);
  }

  private void cast(
      Caller caller, long id, Approval.Kind verdict, String comment, String comparedWith) {
    RequestRow request = reviews.lock(id);
    Bindings now = request.now();
    List<Approval> approvals = given.approvals(request);
    refusal(caller, request, approvals, verdict).ifPresent(refusal -> {
      throw refused(request, refusal);
    });
    if (verdict == Approval.Kind.APPROVE && !sawTheLiveOne(request, comparedWith)) {
      // Kept although this call fails and its transaction with it: the next look is against the new
      // live version.
      QuarkusTransaction.requiringNew().run(() -> requests.refresh(id, now, clock.instant()));
      throw liveChanged(request);
    }
    voidStale(approvals, now, caller);
    requests.refresh(id, now, clock.instant());
    given.approve(id, caller.name(), verdict, comment, now, clock.instant());
    audit.append(
        caller,
        "request." + verdict.name().toLowerCase(java.util.Locale.ROOT),
        Reviews.object(request.model(), id),
        now.digest(),
        null,
        Map.of("version", request.version(), "to", request.to(), "policy", now.policyId()));
    settle(caller, reviews.find(id));
  }

  private void settle(Caller caller, RequestRow request) {
    switch (grants.verdict(request).outcome()) {
      case OPEN -> metrics.approval(request.to());
      case REJECTED -> {
        requests.settle(
            request.id(), RequestState.REJECTED, "by " + caller.name(), clock.instant());
        metrics.transition(request.to(), "rejected");
      }
      case APPROVED -> {
        metrics.approval(request.to());
        grants.applyIfComplete(caller, request);
      }
    }
  }

  private void voidStale(List<Approval> approvals, Bindings now, Caller caller) {
    for (Approval approval : approvals) {
      if (approval.voidReason() != null) {
        continue;
      }
      approval
          .voidUnder(now)
          .or(() -> approval.approver().equals(caller.name())
              ? Optional.of("replaced by a later verdict")
              : Optional.empty())
          .ifPresent(reason -> voids.one(approval.id(), reason));
    }
  }

  private static boolean sawTheLiveOne(RequestRow request, String comparedWith) {
    String seen = comparedWith == null ? request.bound().liveDigest() : comparedWith;
    return request.policy().rules().isOpen()
        || Objects.equals(seen, request.now().liveDigest());
  }

  private RegistryException liveChanged(RequestRow request) {
    if (request.alias() != null) {
      return new Conflict(
              "live-changed",
              "the alias '" + request.alias()
                  + "' has just been moved: compare this request with what it points at now, then approve again")
          .with("request_id", request.id())
          .with("live_digest", request.now().liveDigest());
    }
    Model model = pointers.find(request.model());
    return LiveChanged.refusal(
            model,
            releases.latest(model),
            "compare this request with what is live now, then approve again")
        .with("request_id", request.id())
        .with("live_digest", request.now().liveDigest());
  }

  private static RegistryException refused(RequestRow request, Decision.Refusal refusal) {
    RegistryException problem = refusal.forbidden()
        ? new Forbidden("may-not-approve", refusal.reason())
        : new Conflict("request-not-approvable", refusal.reason());
    return problem
        .with("request_id", request.id())
        .with("state", request.state().label());
  }
}
