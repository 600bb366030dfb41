package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.review.ApprovalStore.Voided;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Marks approvals as void for good, each with its entry in the audit log, beside the entry of what made it void. Slipway does
 * that, and not whoever gave the reason.
 */
@ApplicationScoped
class Voids {
  private final ApprovalStore approvals;
  private final AuditLog audit;
  private final Clock clock;

  Voids(ApprovalStore approvals, AuditLog audit, Clock clock) {
    this.approvals = approvals;
    this.audit = audit;
    this.clock = clock;
  }

  void one(long approval, String reason) {
    tell(approvals.voidApproval(approval, reason, clock.instant()));
  }

  /** Another version of the model is live, or none. */
  void forLive(long model) {
    tell(approvals.voidForLive(model, clock.instant()));
  }

  void forAlias(long model, String alias) {
    tell(approvals.voidForAlias(model, alias, clock.instant()));
  }

  /** @param model null for every model */
  void forPolicy(Long model) {
    tell(approvals.voidForPolicy(model, clock.instant()));
  }

  private void tell(List<Voided> all) {
    for (Voided one : all) {
      audit.append(
          Caller.REGISTRY,
          "request.void",
          Reviews.object(one.model(), one.request()),
          one.digest(),
          Map.of("approver", one.approver(), "verdict", one.verdict()),
          Map.of("approver", one.approver(), "reason", one.reason()));
    }
  }
}
