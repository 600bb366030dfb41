package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of review as pure functions: what a set of approvals amounts to, and who may add one. */
final class Decision {
  private Decision() {}

  /**
   * What the approvals amount to.
   *
   * @param needed approvals the policy asks for
   * @param valid approvals that count
   */
  record Verdict(Outcome outcome, int needed, int valid) {}

  enum Outcome {
    OPEN,
    APPROVED,
    REJECTED
  }

  /** Whose approvals are looked at twice: who asks for the move, and who made the version. */
  record People(String requester, String uploader) {
    boolean counts(PolicyRules.MoveRule rule, Approval approval) {
      return !approval.approver().equals(requester)
          && (approval.verdict() == Approval.Kind.REJECT
              || rule.uploaderMayApprove()
              || !approval.approver().equals(uploader));
    }
  }

  /** Why somebody may not: {@code forbidden} is about the person, otherwise it is about the request's state. */
  record Refusal(boolean forbidden, String reason) {}

  /**
   * Counts. The requester's own approval, the uploader's where the rule says so, a void one and a second one by the same person count for nothing; one rejection that
   * still holds ends the request.
   */
  static Verdict decide(
      PolicyRules.MoveRule rule, People people, List<Approval> approvals, Bindings now) {
    List<Approval> holding = approvals.stream()
        .filter(approval -> approval.voidUnder(now).isEmpty())
        .filter(approval -> people.counts(rule, approval))
        .toList();
    int valid = (int) holding.stream()
        .filter(approval -> approval.verdict() == Approval.Kind.APPROVE)
        .map(Approval::approver)
        .distinct()
        .count();
    boolean rejected =
        holding.stream().anyMatch(approval -> approval.verdict() == Approval.Kind.REJECT);
    Outcome outcome = rejected
        ? Outcome.REJECTED
        : valid >= rule.approvals() && notGreen(rule, now).isEmpty()
            ? Outcome.APPROVED
            : Outcome.OPEN;
    return new Verdict(outcome, rule.approvals(), valid);
  }

  /** Whether {@code voter} may give {@code verdict} on a request in {@code state}; empty when nothing is in the way. */
  static Optional<Refusal> mayVote(
      PolicyRules rules,
      PolicyRules.MoveRule rule,
      RequestState state,
      People people,
      List<Approval> approvals,
      Bindings now,
      Caller voter,
      Approval.Kind verdict) {
    if (state != RequestState.OPEN) {
      return conflict("this request is " + state.label() + ": only an open one takes approvals");
    }
    if (!rules.isOpen()) {
      if (voter.isAnonymous()) {
        return forbidden("anonymous callers may not approve or reject: say who you are");
      }
      if (voter.name().equals(people.requester())) {
        return forbidden(
            verdict == Approval.Kind.APPROVE
                ? "you made this request, and the requester's own approval never counts: ask somebody else"
                : "you made this request: withdraw it instead of rejecting it");
      }
      if (verdict == Approval.Kind.APPROVE
          && !rule.uploaderMayApprove()
          && voter.name().equals(people.uploader())) {
        return forbidden(
            "you made this version, and its policy wants somebody else to approve: ask another reviewer");
      }
      if (!voter.hasAny(rule.roles())) {
        return forbidden("this needs one of the roles " + labels(rule.roles()) + "; " + voter.name()
            + " has " + labels(voter.roles()));
      }
    }
    boolean already = approvals.stream()
        .anyMatch(approval -> approval.approver().equals(voter.name())
            && approval.verdict() == verdict
            && approval.voidUnder(now).isEmpty());
    // An approval binds the verdicts, so one given before them would be void as soon as they came.
    List<String> awaited = notGreen(rule, now);
    if (verdict == Approval.Kind.APPROVE && !awaited.isEmpty()) {
      return conflict(
          "these checks must be green before anybody approves: " + String.join(", ", awaited));
    }
    return already
        ? conflict(voter.name() + " has already given this verdict on this request")
        : Optional.empty();
  }

  /** What is not there yet, in words. */
  static String missing(PolicyRules.MoveRule rule, Verdict verdict, Bindings now) {
    List<String> missing = new ArrayList<>();
    if (verdict.outcome() == Outcome.REJECTED) {
      missing.add("it was rejected");
    }
    if (verdict.valid() < verdict.needed()) {
      missing.add(verdict.valid() + " of " + verdict.needed() + " approvals");
    }
    List<String> awaited = notGreen(rule, now);
    if (!awaited.isEmpty()) {
      missing.add("not green: " + String.join(", ", awaited));
    }
    return missing.isEmpty() ? "nothing" : String.join("; ", missing);
  }

  /** The checks that the rule asks for and that are red or not reported. */
  private static List<String> notGreen(PolicyRules.MoveRule rule, Bindings now) {
    return rule.checks().stream()
        .filter(name -> now.checks().stream()
            .noneMatch(it -> it.check().equals(name) && it.verdict().equals(CheckReport.GREEN)))
        .sorted()
        .toList();
  }

  private static String labels(Set<Role> roles) {
    return roles.isEmpty()
        ? "none"
        : roles.stream().sorted().map(Role::label).collect(Collectors.joining(", "));
  }

  private static Optional<Refusal> conflict(String reason) {
    return Optional.of(new Refusal(false, reason));
  }

  private static Optional<Refusal> forbidden(String reason) {
    return Optional.of(new Refusal(true, reason));
  }
}
