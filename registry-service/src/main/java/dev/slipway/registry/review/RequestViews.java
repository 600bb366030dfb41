package dev.slipway.registry.review;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns stored requests into what people see: four statements for a page of them. */
@ApplicationScoped
class RequestViews {
  private final ApprovalStore given;
  private final CommentStore said;
  private final CheckStore checks;

  RequestViews(ApprovalStore given, CommentStore said, CheckStore checks) {
    this.given = given;
    this.said = said;
    this.checks = checks;
  }

  Request of(RequestRow row) {
    return of(List.of(row)).getFirst();
  }

  List<Request> of(List<RequestRow> rows) {
    Map<Long, RequestRow> byId = new LinkedHashMap<>();
    rows.forEach(row -> byId.put(row.id(), row));
    List<ApprovalStore.Given> approvals = given.approvals(byId);
    List<CommentStore.Said> comments = said.comments(byId.keySet());
    List<CheckStore.Reported> reported = checks.of(byId.keySet());
    return rows.stream()
        .map(row -> view(
            row,
            approvals.stream()
                .filter(it -> it.request() == row.id())
                .map(ApprovalStore.Given::approval)
                .toList(),
            comments.stream().filter(it -> it.request() == row.id()).toList(),
            reported.stream()
                .filter(it -> it.request() == row.id())
                .map(CheckStore.Reported::check)
                .toList()))
        .toList();
  }

  private static Request view(
      RequestRow row,
      List<Approval> approvals,
      List<CommentStore.Said> comments,
      List<Request.CheckView> checks) {
    boolean open = row.state() == RequestState.OPEN;
    // What has been decided is judged by what it was decided on.
    Bindings by = open ? row.now() : row.bound();
    Decision.Verdict verdict = Decision.decide(row.rule(), row.people(), approvals, by);
    return new Request(
        row.id(),
        row.model(),
        row.version(),
        row.alias(),
        row.from(),
        row.to(),
        row.state(),
        row.stateReason(),
        row.requester(),
        row.comment(),
        row.bound().digest(),
        by.liveDigest(),
        row.shownPolicy(),
        verdict.needed(),
        verdict.valid(),
        approvals.stream().map(approval -> view(approval, by)).toList(),
        comments.stream()
            .map(it -> new Request.CommentView(it.author(), it.body(), it.at()))
            .toList(),
        checks.stream().map(check -> ended(row.state(), check)).toList(),
        open && verdict.outcome() == Decision.Outcome.APPROVED,
        row.bypass(),
        row.releaseId(),
        open ? row.expiresAt() : null,
        row.createdAt(),
        row.updatedAt());
  }

  /** A check that waits when its request closes is made no more. */
  private static Request.CheckView ended(RequestState state, Request.CheckView check) {
    boolean undecided = state == RequestState.OPEN || state == RequestState.APPROVED;
    boolean waits = check.verdict().equals("pending") || check.verdict().equals("stale");
    return undecided || !waits ? check : check.as("not_run");
  }

  private static Request.ApprovalView view(Approval approval, Bindings by) {
    String reason = approval.voidUnder(by).orElse(null);
    return new Request.ApprovalView(
        approval.approver(),
        approval.verdict().name().toLowerCase(Locale.ROOT),
        approval.comment(),
        approval.at(),
        reason != null,
        reason);
  }
}
