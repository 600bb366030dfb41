package dev.slipway.registry.web;

import dev.slipway.registry.problem.RegistryException;

/**
 * A refusal as a page shows it.
 *
 * @param status of HTTP
 */
record Problem(int status, Notice notice) {

  /** The refusal behind {@code failure}; {@code failure} itself goes on when it is none. */
  static Problem of(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RegistryException known) {
        return of(known);
      }
    }
    if (failure instanceof IllegalArgumentException wrong) {
      return new Problem(400, new Notice("That cannot be understood", wrong.getMessage()));
    }
    throw failure;
  }

  private static Problem of(RegistryException known) {
    return switch (known) {
      case RegistryException.NotFound it -> problem(404, "There is no such thing", it);
      case RegistryException.AlreadyExists it -> problem(409, "It exists already", it);
      case RegistryException.Conflict it ->
        problem(409, "Not done: this is how things stand now", it);
      case RegistryException.Invalid it -> problem(400, "That cannot be understood", it);
      case RegistryException.Unprocessable it -> problem(422, "That cannot be meant", it);
      case RegistryException.Forbidden it -> problem(403, "Not allowed", it);
      case RegistryException.Unauthenticated it -> problem(401, "Not known", it);
      case RegistryException.PreconditionFailed it -> problem(412, "It has changed meanwhile", it);
      case RegistryException.TooLarge it -> problem(413, "Too large", it);
      case RegistryException.Unavailable it -> problem(503, "Not available: try again", it);
    };
  }

  private static Problem problem(int status, String title, RegistryException it) {
    return new Problem(status, new Notice(title, it.getMessage()));
  }
}
