package dev.slipway.registry.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.common.json.WireJson;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.review.Approval.Kind;
import dev.slipway.registry.review.Bindings.CheckVerdict;
import dev.slipway.registry.review.Decision.Outcome;
import dev.slipway.registry.review.PolicyRules.MoveRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final Bindings NOW =
      new Bindings("sha256:a", Stage.STAGING, Stage.PRODUCTION, 1, "sha256:live", Set.of());
  private static final Decision.People PEOPLE = new Decision.People("alice", "una");
  private static final MoveRule ONE = new MoveRule(1, Set.of());
  private static final MoveRule TWO = new MoveRule(2, Set.of());

  @Test
  void oneValidApprovalIsEnoughWhenOneIsNeeded() {
    assertThat(decide(ONE).outcome()).isEqualTo(Outcome.OPEN);
    assertThat(decide(ONE, approve("bob", NOW)).outcome()).isEqualTo(Outcome.APPROVED);
  }

  @Test
  void twoApprovalsByOnePersonCountOnce() {
    var verdict = decide(TWO, approve("bob", NOW), approve("bob", NOW));
    assertThat(verdict.outcome()).isEqualTo(Outcome.OPEN);
    assertThat(verdict.valid()).isEqualTo(1);
  }

  @Test
  void requestersOwnApprovalNeverCounts() {
    assertThat(decide(ONE, approve("alice", NOW)).outcome()).isEqualTo(Outcome.OPEN);
  }

  @Test
  void uploadersApprovalCountsUnlessTheRuleSaysOtherwise() {
    var strict = new MoveRule(1, null, null, null, null, false, null, null, null);
    assertThat(decide(ONE, approve("una", NOW)).outcome()).isEqualTo(Outcome.APPROVED);
    assertThat(decide(strict, approve("una", NOW)).outcome()).isEqualTo(Outcome.OPEN);
    assertThat(decide(strict, approve("bob", NOW)).outcome()).isEqualTo(Outcome.APPROVED);
  }

  @Test
  void moveThatNeedsNothingIsApprovedAtOnce() {
    assertThat(decide(MoveRule.none()).outcome()).isEqualTo(Outcome.APPROVED);
  }

  @Test
  void oneRejectionEndsIt() {
    var reject = new Approval(2, "carol", Kind.REJECT, null, NOW, Instant.EPOCH, null, null);
    assertThat(decide(ONE, approve("bob", NOW), reject).outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void approvalIsVoidWhenAnyOfItsBindingsChanges() {
    var changed = List.of(
        new Bindings("sha256:b", Stage.STAGING, Stage.PRODUCTION, 1, "sha256:live", Set.of()),
        new Bindings("sha256:a", Stage.NONE, Stage.PRODUCTION, 1, "sha256:live", Set.of()),
        new Bindings("sha256:a", Stage.STAGING, Stage.ARCHIVED, 1, "sha256:live", Set.of()),
        new Bindings("sha256:a", Stage.STAGING, Stage.PRODUCTION, 2, "sha256:live", Set.of()),
        new Bindings("sha256:a", Stage.STAGING, Stage.PRODUCTION, 1, null, Set.of()),
        new Bindings(
            "sha256:a",
            Stage.STAGING,
            Stage.PRODUCTION,
            1,
            "sha256:live",
            Set.of(new CheckVerdict("loads", "green"))));
    for (Bindings other : changed) {
      assertThat(approve("bob", other).voidUnder(NOW)).as("%s", other).isPresent();
      assertThat(decide(ONE, approve("bob", other)).outcome()).isEqualTo(Outcome.OPEN);
    }
    assertThat(approve("bob", NOW).voidUnder(NOW)).isEmpty();
  }

  @Test
  void approvalMarkedVoidStaysVoid() {
    var voided = new Approval(
        1, "bob", Kind.APPROVE, null, NOW, Instant.EPOCH, Instant.EPOCH, "the policy changed");
    assertThat(voided.voidUnder(NOW)).contains("the policy changed");
    assertThat(decide(ONE, voided).outcome()).isEqualTo(Outcome.OPEN);
  }

  @Test
  void requesterAnonymousAndPeopleWithoutTheRoleMayNotApprove() {
    assertRefused(new Caller("alice", Set.of(Role.ADMIN), null), true, "never counts");
    assertRefused(new Caller("anonymous", Set.of(Role.ADMIN), null), true, "anonymous");
    assertRefused(new Caller("dave", Set.of(Role.AUTHOR), null), true, "roles");
    assertThat(mayVote(new Caller("root", Set.of(Role.ADMIN), null), RequestState.OPEN))
        .isEmpty();
    assertThat(mayVote(new Caller("bob", Set.of(Role.REVIEWER), null), RequestState.OPEN))
        .isEmpty();
  }

  @Test
  void approvingTwiceIsRefusedUnlessTheFirstIsVoid() {
    var bob = new Caller("bob", Set.of(Role.REVIEWER), null);
    assertThat(mayVote(bob, RequestState.OPEN, approve("bob", NOW))).get().satisfies(refusal -> {
      assertThat(refusal.forbidden()).isFalse();
      assertThat(refusal.reason()).contains("already");
    });
    var stale =
        new Bindings("sha256:a", Stage.STAGING, Stage.PRODUCTION, 9, "sha256:live", Set.of());
    assertThat(mayVote(bob, RequestState.OPEN, approve("bob", stale))).isEmpty();
  }

  @Test
  void closedRequestTakesNoApproval() {
    for (RequestState state : RequestState.values()) {
      var refusal = mayVote(new Caller("bob", Set.of(Role.REVIEWER), null), state);
      if (state == RequestState.OPEN) {
        assertThat(refusal).isEmpty();
      } else {
        assertThat(refusal).get().satisfies(it -> {
          assertThat(it.forbidden()).isFalse();
          assertThat(it.reason()).contains(state.label());
        });
      }
    }
  }

  @Test
  void retiringTheLiveVersionNeedsWhatEnteringProductionNeeds() {
    var rules = PolicyRules.reviewed();
    assertThat(rules.ruleFor(Stage.PRODUCTION, Stage.ARCHIVED, true).approvals())
        .isEqualTo(1);
    assertThat(rules.ruleFor(Stage.STAGING, Stage.ARCHIVED, false).approvals()).isZero();
    assertThat(rules.ruleFor(Stage.NONE, Stage.STAGING, false).approvals()).isZero();
    assertThat(rules.ruleFor(Stage.STAGING, Stage.PRODUCTION, false).approvals())
        .isEqualTo(1);
    assertThat(rules.ruleFor(Stage.ARCHIVED, Stage.PRODUCTION, false).approvals())
        .isZero();
    assertThat(
            PolicyRules.open().ruleFor(Stage.STAGING, Stage.PRODUCTION, false).approvals())
        .isZero();
  }

  @Test
  void policyIsReadAsItIsWritten() throws Exception {
    var mapper = WireJson.mapper();
    var rules = PolicyRules.reviewed();
    assertThat(mapper.readValue(mapper.writeValueAsString(rules), PolicyRules.class))
        .isEqualTo(rules);
    var short_ = mapper.readValue(
        "{\"mode\":\"reviewed\",\"moves\":{\"Production\":{\"approvals\":2}}}", PolicyRules.class);
    assertThat(short_.moves()).isEqualTo(Map.of(Stage.PRODUCTION, TWO));
  }

  @Test
  void everyRuleOfAMoveIsReadAsItIsWritten() throws Exception {
    var mapper = WireJson.mapper();
    var rule = mapper.readValue("""
        {"approvals": 1, "checks": ["latency"], "thresholds": {"latency": {"p99_ratio": 1.2}}, "reporters": ["releaser"],
         "uploader_may_approve": false, "expires_after": "P7D", "apply": "by_hand"}
        """, MoveRule.class);
    assertThat(rule.thresholds().get("latency")).containsEntry("p99_ratio", 1.2);
    assertThat(rule.expiresAfter()).isEqualTo(Duration.ofDays(7));
    assertThat(rule.isAppliedByHand()).isTrue();
    assertThat(mapper.readValue(mapper.writeValueAsString(rule), MoveRule.class))
        .isEqualTo(rule);
  }

  @Test
  void policyThatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MoveRule(1, null, null, null, null, null, Duration.ZERO, null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new MoveRule(-1, Set.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PolicyRules(PolicyMode.REVIEWED, Map.of(), 0, true, null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new PolicyRules(null, Map.of()));
  }

  private static Decision.Verdict decide(MoveRule rule, Approval... approvals) {
    return Decision.decide(rule, PEOPLE, List.of(approvals), NOW);
  }

  private static Approval approve(String who, Bindings bindings) {
    return new Approval(1, who, Kind.APPROVE, null, bindings, Instant.EPOCH, null, null);
  }

  private static java.util.Optional<Decision.Refusal> mayVote(
      Caller voter, RequestState state, Approval... approvals) {
    return Decision.mayVote(
        PolicyRules.reviewed(), ONE, state, PEOPLE, List.of(approvals), NOW, voter, Kind.APPROVE);
  }

  private static void assertRefused(Caller voter, boolean forbidden, String words) {
    assertThat(mayVote(voter, RequestState.OPEN)).get().satisfies(refusal -> {
      assertThat(refusal.forbidden()).isEqualTo(forbidden);
      assertThat(refusal.reason()).contains(words);
    });
  }
}
