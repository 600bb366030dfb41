package dev.slipway.registry.release;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.LivePointers.Model;

/** What a release asks of the review that let it begin. Called in the release's transaction, with the model's row locked. */
public interface ReleaseGate {

  /** Why the request no longer allows its release; null while it does. Asked again immediately before the switch. */
  String objection(long requestId);

  /** The request's release ended; {@code reason} says why when it failed. */
  void settled(long requestId, ReleaseState state, String reason);

  /** Another version of the model is live now, or none. Only of consequence while a move of the model's is asked for. */
  void liveChanged(Model model);

  /**
   * Lets nobody decide how far a release goes who may not approve one.
   *
   * @param deed to finish "… may not"
   * @throws dev.slipway.registry.problem.RegistryException.Forbidden when entering Production needs something and the caller has
   *     none of the roles that may approve it
   */
  void requireApprover(Caller caller, long modelId, String deed);

  /** Whether a model's stages are reviewed, so that Production and live go together. */
  boolean isReviewed(long modelId);
}
