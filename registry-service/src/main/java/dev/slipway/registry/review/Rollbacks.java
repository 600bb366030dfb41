package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.release.Rollouts;
import dev.slipway.registry.release.Situation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The way back, in one call. */
@ApplicationScoped
public class Rollbacks {
  private final Reviews reviews;
  private final RequestStore requests;
  private final Policies policies;
  private final Releases releases;
  private final Rollouts rollouts;
  private final LivePointers pointers;

  Rollbacks(
      Reviews reviews,
      RequestStore requests,
      Policies policies,
      Releases releases,
      Rollouts rollouts,
      LivePointers pointers) {
    this.reviews = reviews;
    this.requests = requests;
    this.policies = policies;
    this.releases = releases;
    this.rollouts = rollouts;
    this.pointers = pointers;
  }

  /** What came of asking: a release, or a request where the policy wants rollbacks approved. */
  public sealed interface Answer {
    record Released(Release release) implements Answer {}

    record Requested(Request request) implements Answer {}
  }

  /**
   * Puts an earlier live version back; {@link Releases#confirm} then waits for the replicas. While a release brings another version
   * in step by step, that is what goes: all requests return to the live version.
   *
   * @param to the version to put back; null for the previous one
   * @param from the version that the caller wants gone; null for the one that is live now. When somebody else was faster, this
   *     call is refused and does not go one version further back
   * @throws Conflict when there is no such version to go back to, it was rolled back itself, or it was never reviewed and is not the
   *     previous one
   */
  @Transactional
  public Answer rollBack(Caller caller, String name, Integer to, Integer from, String reason) {
    Reviews.requireComment(reason);
    LivePointers.Locked locked = pointers.lockNoting(name);
    Model model = locked.model();
    Policy policy = policies.inForce(model.id());
    if (caller.isAnonymous() && !policy.rules().isOpen()) {
      throw new Forbidden("name-needed", "a rollback is done by name: say who you are");
    }
    Situation situation =
        releases.situation(model, Stream.of(to, from).filter(Objects::nonNull).toList());
    boolean moved = !Objects.equals(locked.seen(), model.live())
        || (from != null
            && releases.version(situation, from).id()
                != Objects.requireNonNullElse(model.live(), -1L));
    Optional<Release> undone =
        to == null ? rollouts.undoInFlight(situation, caller, from, reason) : Optional.empty();
    if (undone.isPresent()) {
      return new Answer.Released(undone.get());
    }
    if (moved) {
      throw LiveChanged.refusal(
          model, releases.latest(model), "look again before rolling back further");
    }
    Version target = releases.rollbackTarget(situation, to);
    requireReviewed(model, target, policy.rules());
    PolicyRules.MoveRule rule = policy.rules().ruleFor(Stage.ARCHIVED, Stage.PRODUCTION, false);
    if (rule.approvals() > 0) {
      return new Answer.Requested(
          reviews.open(caller, model, target, Stage.PRODUCTION, reason, false, policy));
    }
    return new Answer.Released(releases.rollBack(situation, target, reason, caller, null));
  }

  /** What went live only while stages were labels does not come back by the name of a rollback; the version before always does. */
  private void requireReviewed(Model model, Version target, PolicyRules rules) {
    boolean previous = Objects.equals(model.previous(), target.id());
    if (!previous
        && !rules.ruleFor(Stage.STAGING, Stage.PRODUCTION, false).needsNothing()
        && !requests.wasReviewed(target.id())) {
      throw new Conflict(
              "never-reviewed",
              "version " + target.number() + " of model '" + model.name()
                  + "' was live only while nothing was reviewed here: take it to Staging and request its move to Production")
          .with("model", model.name())
          .with("version", target.number());
    }
  }
}
