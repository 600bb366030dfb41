package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers.Model;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;

/** The last state of a request, and its entry in the audit log: whoever listens there learns how a request ended. */
@ApplicationScoped
class RequestOutcomes {
  private final RequestStore requests;
  private final AuditLog audit;
  private final Clock clock;

  RequestOutcomes(RequestStore requests, AuditLog audit, Clock clock) {
    this.requests = requests;
    this.audit = audit;
    this.clock = clock;
  }

  void applied(RequestRow request, Caller actor) {
    settle(request, RequestState.APPLIED, null, actor);
  }

  /** Its release ended. */
  void settled(long id, RequestState state, String reason) {
    requests.find(id).ifPresent(request -> settle(request, state, reason, Caller.REGISTRY));
  }

  /** Closes the model's open requests whose version has left the stage that they start from. */
  void supersedeMoved(Model model) {
    for (RequestStore.Closed closed : requests.supersedeMoved(model.id(), clock.instant())) {
      append(
          "request.supersede",
          model.name(),
          closed.id(),
          closed.digest(),
          RequestState.SUPERSEDED,
          closed.reason(),
          Caller.REGISTRY);
    }
  }

  private void settle(RequestRow request, RequestState state, String reason, Caller actor) {
    if (requests.settle(request.id(), state, reason, clock.instant())) {
      append(
          "request." + state.label(),
          request.model(),
          request.id(),
          request.bound().digest(),
          state,
          reason,
          actor);
    }
  }

  private void append(
      String action,
      String model,
      long id,
      String digest,
      RequestState state,
      String reason,
      Caller actor) {
    audit.append(
        actor,
        action,
        Reviews.object(model, id),
        digest,
        null,
        reason == null ? Map.of("state", state) : Map.of("state", state, "reason", reason));
  }
}
