package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import java.time.Instant;

/**
 * A request as it is stored, beside what is true now.
 *
 * @param bound as things stood when the request was made or last refreshed
 * @param now as things stand
 * @param policy in force now
 * @param boundPolicy in force when the request was made or last refreshed
 * @param versionId null when the version was deleted since
 * @param version its number, which stays
 * @param alias that it would let point at the version; null for a move between stages
 * @param uploader who made the version
 * @param expiresAt when it ends by itself while it is open; null for never
 * @param bypass by whom and why it was carried out without what it needs; null when it was not
 * @param live whether its version is the live one
 * @param releaseId of the release that carries it out; null when none does
 */
record RequestRow(
    long id,
    long modelId,
    String model,
    Long versionId,
    int version,
    String alias,
    RequestState state,
    String stateReason,
    String requester,
    String uploader,
    String comment,
    boolean archiveExisting,
    Bindings bound,
    Bindings now,
    Policy policy,
    Policy boundPolicy,
    Instant expiresAt,
    Request.Bypass bypass,
    boolean live,
    Long releaseId,
    Instant createdAt,
    Instant updatedAt) {

  Stage from() {
    return bound.from();
  }

  Stage to() {
    return bound.to();
  }

  Decision.People people() {
    return new Decision.People(requester, uploader);
  }

  PolicyRules.MoveRule rule() {
    if (alias != null) {
      return shownPolicy().rules().ruleForAlias(alias);
    }
    boolean ofLive = state == RequestState.OPEN
        ? live
        : bound.digest() != null && bound.digest().equals(bound.liveDigest());
    return shownPolicy().rules().ruleFor(from(), to(), ofLive);
  }

  /** The policy that decides: the one in force while the request is open, the one that it was decided under after. */
  Policy shownPolicy() {
    return state == RequestState.OPEN ? policy : boundPolicy;
  }
}
