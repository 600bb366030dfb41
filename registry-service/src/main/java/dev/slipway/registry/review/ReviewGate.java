package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.ReleaseGate;
import dev.slipway.registry.release.ReleaseState;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.stream.Collectors;

/** Answers a release's questions from the requests and policies. */
@ApplicationScoped
class ReviewGate implements ReleaseGate {
  private final RequestStore requests;
  private final ApprovalStore approvals;
  private final Voids voids;
  private final RequestOutcomes outcomes;
  private final Policies policies;
  private final CheckStore checks;
  private final CheckNames checkNames;

  ReviewGate(
      RequestStore requests,
      ApprovalStore approvals,
      Voids voids,
      RequestOutcomes outcomes,
      Policies policies,
      CheckStore checks,
      CheckNames checkNames) {
    this.requests = requests;
    this.approvals = approvals;
    this.voids = voids;
    this.outcomes = outcomes;
    this.policies = policies;
    this.checks = checks;
    this.checkNames = checkNames;
  }

  @Override
  public String objection(long requestId) {
    RequestRow request = requests.find(requestId).orElse(null);
    if (request == null) {
      return "its request was deleted";
    }
    if (request.bypass() != null) {
      return null;
    }
    if (request.policy().id() != request.bound().policyId()) {
      return "the policy changed while it was being prepared";
    }
    if (request.policy().rules().isOpen()) {
      return null;
    }
    Decision.Verdict verdict = Decision.decide(
        request.rule(), request.people(), approvals.approvals(request), request.now());
    return verdict.outcome() == Decision.Outcome.APPROVED
        ? null
        : "its approvals no longer hold: what they were given for has changed";
  }

  @Override
  public void settled(long requestId, ReleaseState state, String reason) {
    outcomes.settled(
        requestId, state == ReleaseState.LIVE ? RequestState.APPLIED : RequestState.FAILED, reason);
  }

  @Override
  public void liveChanged(Model model) {
    outcomes.supersedeMoved(model);
    voids.forLive(model.id());
    checks.staleForLive(model.id(), checkNames.ofLive());
  }

  @Override
  public void requireApprover(Caller caller, long modelId, String deed) {
    PolicyRules.MoveRule rule =
        policies.inForce(modelId).rules().ruleFor(Stage.STAGING, Stage.PRODUCTION, false);
    if (!rule.needsNothing() && (caller.isAnonymous() || !caller.hasAny(rule.roles()))) {
      throw new Forbidden(
          "role-missing",
          "'" + caller.name() + "' may not " + deed
              + ": under this model's policy it needs one of the roles that approve a move to Production, "
              + rule.roles().stream().sorted().map(Role::label).collect(Collectors.joining(", ")));
    }
  }

  @Override
  public boolean isReviewed(long modelId) {
    return !policies.inForce(modelId).rules().isOpen();
  }
}
