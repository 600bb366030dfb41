package dev.slipway.registry.web;

import dev.slipway.registry.access.Role;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.PreconditionFailed;
import dev.slipway.registry.review.CheckNames;
import dev.slipway.registry.review.PastPolicy;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.PolicyGroup;
import dev.slipway.registry.review.PolicyRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What the pages of policies have in common: how one is shown, read from its form, and put in force. */
@ApplicationScoped
class PolicyCards {
  private final Policies policies;
  private final PolicyTexts texts;
  private final CheckNames checks;
  private final Frame frame;

  PolicyCards(Policies policies, PolicyTexts texts, CheckNames checks, Frame frame) {
    this.policies = policies;
    this.texts = texts;
    this.checks = checks;
    this.frame = frame;
  }

  /** @param typed what was refused; null for nothing */
  PolicyCard of(Policy policy, List<PastPolicy> past, PolicyTyped typed) {
    return card(policy, past, typed, null);
  }

  /**
   * As {@link #of} of a group.
   *
   * @param group null for one that has no policy yet, for which {@code policy} is the one to start from
   */
  PolicyCard ofGroup(PolicyGroup group, Policy policy, List<PastPolicy> past, PolicyTyped typed) {
    PolicyFields fields =
        typed == null ? PolicyFields.of(policy.rules()).of(group) : typed.fields();
    var selected = new PolicyCard.OfGroup(
        group == null,
        group == null ? "/policies/new-group" : Links.policyOfGroup(group.name()),
        PolicyForm.field(fields, PolicyFields.GROUP),
        PolicyForm.field(fields, PolicyFields.PREFIX),
        PolicyForm.field(fields, PolicyFields.TAG),
        PolicyForm.field(fields, PolicyFields.TAG_VALUE));
    return card(policy, past, typed, selected);
  }

  private PolicyCard card(
      Policy policy, List<PastPolicy> past, PolicyTyped typed, PolicyCard.OfGroup group) {
    boolean asText = typed != null && typed.text() != null;
    PolicyFields fields =
        typed == null || asText ? PolicyFields.of(policy.rules()) : typed.fields();
    return new PolicyCard(
        policy.number(),
        policy.createdBy(),
        frame.moment(policy.createdAt()),
        PolicyWords.sentence(policy.why()),
        PolicyWords.of(policy.rules()),
        policy.id(),
        PolicyForm.of(fields, policy.rules(), checks.computed()),
        group,
        asText ? typed.text() : texts.text(policy.rules()),
        asText,
        obstacle(policy),
        past.stream().map(this::past).toList());
  }

  /** @throws Invalid when it is no policy: the fields say where, or the message */
  PolicyRules rules(PolicyTyped typed) {
    if (typed.text() != null) {
      return texts.rules(typed.text());
    }
    PolicyRules rules = typed.fields().rules();
    requireUnderstood(typed);
    return rules;
  }

  /** @throws Invalid when a field is not understood */
  static void requireUnderstood(PolicyTyped typed) {
    int wrong = typed.fields().errors().size();
    if (wrong > 0) {
      throw new Invalid(notUnderstood(wrong));
    }
  }

  static String notUnderstood(int fields) {
    return "nothing was changed: " + (fields == 1 ? "one field needs" : fields + " fields need")
        + " another look";
  }

  /** A form that is out of date is a conflict to people: the page shows what is in force now, and what they typed. */
  static void unchanged(Runnable deed) {
    try {
      deed.run();
    } catch (PreconditionFailed other) {
      throw new Conflict(
          "changed-meanwhile",
          other.getMessage()
              + ". It is shown below as it is now; what you typed is still in the form, and sending it again replaces this");
    }
  }

  private PolicyCard.Past past(PastPolicy it) {
    return new PolicyCard.Past(
        it.policy().number(),
        it.withdrawn(),
        PolicyWords.line(it.policy().rules()),
        it.policy().createdBy(),
        frame.moment(it.policy().createdAt()));
  }

  private String obstacle(Policy policy) {
    boolean guarded = !policy.rules().isOpen() || !policies.server().rules().isOpen();
    return guarded && !frame.caller().has(Role.ADMIN) ? "only an admin changes a policy" : "";
  }
}
