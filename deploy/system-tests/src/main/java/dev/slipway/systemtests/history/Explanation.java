package dev.slipway.systemtests.history;

import java.util.Optional;

/** Says what a state of the model answers to an operation: why it refuses, or what its answer must say. */
final class Explanation {
  private Explanation() {}

  /**
   * Why {@code state} refuses the operation, as status and problem; empty when it does not.
   *
   * @param changedSince whether what is live changed while the operation was under way
   */
  static Optional<String> refusal(ModelState state, Operation operation, boolean changedSince) {
    return switch (operation.kind()) {
      case OPEN -> opening(state, operation, changedSince);
      case APPROVE -> vote(state, operation).or(() -> unseen(state, operation));
      case REJECT -> vote(state, operation);
      case WITHDRAW -> withdrawal(state, operation);
      case RETIRE -> retirement(state);
      case BYPASS -> bypass(state, operation);
      case ROLLBACK -> rollback(state, changedSince);
      case ROLLBACK_TO -> rollbackTo(state, operation.version(), changedSince);
      case ALIAS -> Optional.empty();
      case POLICY ->
        operation.user().equals("root") ? Optional.empty() : Optional.of("403 role-missing");
    };
  }

  private static Optional<String> opening(
      ModelState state, Operation operation, boolean changedSince) {
    String from = state.stages().get(operation.version());
    if (changedSince && operation.to().equals(Rules.PRODUCTION)) {
      return Optional.of("409 live-changed");
    }
    if (from.equals(operation.to())) {
      return Optional.of("409 already-there");
    }
    if (!Rules.allows(from, operation.to())) {
      return Optional.of("409 move-not-possible");
    }
    return state.isPending(operation.version(), operation.to())
        ? Optional.of("409 request-exists")
        : Optional.empty();
  }

  private static Optional<String> vote(ModelState state, Operation operation) {
    ModelState.Asked asked = state.request(operation.request());
    if (asked == null) {
      return Optional.of("404 request-not-found");
    }
    if (!asked.isOpen()) {
      return Optional.of("409 request-not-approvable");
    }
    if (operation.user().equals(asked.requester) || !Rules.APPROVERS.contains(operation.user())) {
      return Optional.of("403 may-not-approve");
    }
    return operation.kind() == Operation.Kind.APPROVE && asked.approvers.contains(operation.user())
        ? Optional.of("409 request-not-approvable")
        : Optional.empty();
  }

  /** The first approval after the live version changed is refused once: the approver has not seen what is live now. */
  private static Optional<String> unseen(ModelState state, Operation operation) {
    return state.request(operation.request()).liveChangesThen != state.liveChanges()
        ? Optional.of("409 live-changed")
        : Optional.empty();
  }

  private static Optional<String> withdrawal(ModelState state, Operation operation) {
    ModelState.Asked asked = state.request(operation.request());
    if (asked == null) {
      return Optional.of("404 request-not-found");
    }
    if (!operation.user().equals(asked.requester) && !operation.user().equals("root")) {
      return Optional.of("403 not-yours");
    }
    return asked.isOpen() ? Optional.empty() : Optional.of("409 request-closed");
  }

  private static Optional<String> retirement(ModelState state) {
    if (state.live() == null) {
      return Optional.of("409 no-live-version");
    }
    return state.isPending(state.live(), Rules.ARCHIVED)
        ? Optional.of("409 request-exists")
        : Optional.empty();
  }

  private static Optional<String> rollback(ModelState state, boolean changedSince) {
    if (changedSince) {
      return Optional.of("409 live-changed");
    }
    if (state.live() == null) {
      return Optional.of("409 no-live-version");
    }
    return state.previous().isEmpty()
        ? Optional.of("409 no-earlier-live-version")
        : Optional.empty();
  }

  private static Optional<String> rollbackTo(ModelState state, int to, boolean changedSince) {
    if (changedSince) {
      return Optional.of("409 live-changed");
    }
    if (state.live() == null) {
      return Optional.of("409 no-live-version");
    }
    if (state.live() == to) {
      return Optional.of("409 already-live");
    }
    if (!state.wasLive(to)) {
      return Optional.of("409 never-live");
    }
    return state.wasRolledBack(to) ? Optional.of("409 rolled-back") : Optional.empty();
  }

  private static Optional<String> bypass(ModelState state, Operation operation) {
    ModelState.Asked asked = state.request(operation.request());
    if (asked == null) {
      return Optional.of("404 request-not-found");
    }
    if (!asked.isOpen()) {
      return Optional.of("409 request-closed");
    }
    return state.bypassable() && Rules.BYPASSERS.contains(operation.user())
        ? Optional.empty()
        : Optional.of("403 no-bypass");
  }

  /**
   * Carries out an operation that took place.
   *
   * @param request the id of the request that it opened or is about; 0 for none
   * @return what the answer must say of it: a request's state, or the version that is live now
   */
  static String carryOut(ModelState state, Operation operation, long request) {
    switch (operation.kind()) {
      case OPEN -> state.open(request, operation.version(), operation.to(), operation.user());
      case RETIRE -> state.open(request, state.live(), Rules.ARCHIVED, operation.user());
      case APPROVE -> state.approve(operation.request(), operation.user());
      case REJECT -> state.request(operation.request()).state = "rejected";
      case WITHDRAW -> state.request(operation.request()).state = "withdrawn";
      case BYPASS -> state.bypass(operation.request());
      case ROLLBACK -> state.rollBack(state.previous().orElseThrow());
      case ROLLBACK_TO -> state.rollBack(operation.version());
      case ALIAS -> state.alias(operation.version());
      case POLICY -> state.policy(operation.approvals());
    }
    return switch (operation.kind()) {
      case OPEN, RETIRE -> state.request(request).state;
      case APPROVE, REJECT, WITHDRAW, BYPASS -> state.request(operation.request()).state;
      case ROLLBACK, ROLLBACK_TO -> String.valueOf(state.live());
      case ALIAS, POLICY -> "";
    };
  }
}
