package dev.slipway.registry.mlflow;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.RegistryReads;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.RequestState;
import dev.slipway.registry.review.Reviews;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;

/**
 * Stage transitions as MLflow asks for them, made by the review feature: at once where the policy lets them, else as a request
 * that the answer names, always the same one however often it is asked.
 */
@ApplicationScoped
class Transitions {
  private final Policies policies;
  private final Reviews reviews;
  private final RegistryReads reads;

  Transitions(Policies policies, Reviews reviews, RegistryReads reads) {
    this.policies = policies;
    this.reviews = reviews;
    this.reads = reads;
  }

  /** @param archiveExisting whether the other versions in {@code to} are archived */
  record Move(String model, int version, Stage to, boolean archiveExisting, String comment) {}

  /**
   * @param base of this server's URLs
   * @throws MlflowException PERMISSION_DENIED, naming the request, when others must approve first
   */
  VersionView make(Caller caller, Move move, URI base) {
    requireActive(move);
    VersionView before = reads.version(move.model(), move.version());
    if (before.stage() == move.to() && !policies.inForce(move.model()).rules().isOpen()) {
      return before;
    }
    Request request = request(caller, move);
    if (request.state() == RequestState.OPEN) {
      throw denied(request, base);
    }
    return reads.version(move.model(), move.version());
  }

  /** The request for this move: a new one, or the one that waits already. */
  Request request(Caller caller, Move move) {
    requireActive(move);
    try {
      return reviews.open(
          caller, move.model(), move.version(), move.to(), move.comment(), move.archiveExisting());
    } catch (Conflict exists) {
      if (exists.slug().equals("request-exists")
          && exists.coordinates().get("request_id") instanceof Long id) {
        return reviews.get(id);
      }
      throw exists;
    }
  }

  private static void requireActive(Move move) {
    if (move.archiveExisting() && move.to() != Stage.STAGING && move.to() != Stage.PRODUCTION) {
      throw MlflowException.invalid(
          "Model version transition cannot archive existing model versions because '" + move.to()
              + "' is not an Active stage. Valid stages are ['Staging', 'Production']");
    }
  }

  /** What a client that asked for a guarded move is told. */
  static MlflowException denied(Request request, URI base) {
    int missing = request.approvalsNeeded() - request.approvalsValid();
    String moves = request.alias() == null
        ? "Model version '" + request.version() + "' of '" + request.model() + "' moves to "
            + request.to()
        : "Alias '" + request.alias() + "' of '" + request.model() + "' moves to model version '"
            + request.version() + "'";
    String needs = missing <= 0
        ? "waits for its checks, or for somebody to apply it"
        : "needs " + missing + (missing == 1 ? " more approval" : " more approvals");
    return new MlflowException(
        ErrorCode.PERMISSION_DENIED,
        moves + " only when it is approved: transition request " + request.id() + " is open and "
            + needs + ". See " + base.resolve("/api/v1/requests/" + request.id()));
  }
}
