package dev.slipway.registry.web;

import dev.slipway.registry.problem.RegistryException;
import jakarta.persistence.OptimisticLockException;
import org.hibernate.StaleStateException;

/**
 * A refusal as a page shows it.
 *
 * @param status of HTTP
 */
record Problem(int status, Notice notice) {

  /** The refusal behind {@code failure}; {@code failure} itself goes on when it is none. */
  static Problem of(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case RegistryException known -> {
          return of(known);
        }
        case StaleStateException _, OptimisticLockException _ -> {
          return of(409, "somebody else changed it at the same moment");
        }
        default -> {}
      }
    }
    if (failure instanceof IllegalArgumentException wrong) {
      return of(400, wrong.getMessage());
    }
    throw failure;
  }

  private static Problem of(RegistryException known) {
    int status = switch (known) {
      case RegistryException.NotFound _ -> 404;
      case RegistryException.AlreadyExists _, RegistryException.Conflict _ -> 409;
      case RegistryException.Invalid _ -> 400;
      case RegistryException.Unprocessable _ -> 422;
      case RegistryException.Forbidden _ -> 403;
      case RegistryException.Unauthenticated _ -> 401;
      case RegistryException.PreconditionFailed _ -> 412;
      case RegistryException.TooLarge _ -> 413;
      case RegistryException.Unavailable _ -> 503;
    };
    return known instanceof RegistryException.AlreadyExists
        ? new Problem(status, new Notice("It exists already", known.getMessage()))
        : of(status, known.getMessage());
  }

  /** @param text what happened */
  static Problem of(int status, String text) {
    return new Problem(status, new Notice(title(status), text));
  }

  private static String title(int status) {
    return switch (status) {
      case 401 -> "Not known";
      case 403 -> "Not allowed";
      case 404 -> "There is no such thing";
      case 405 -> "That cannot be done here";
      case 409 -> "Not done: this is how things stand now";
      case 412 -> "It has changed meanwhile";
      case 413 -> "Too large";
      case 422 -> "That cannot be meant";
      case 503 -> "Not available: try again";
      default -> status < 500 ? "That cannot be understood" : "The registry failed";
    };
  }

  /** What to do now. */
  String advice() {
    return switch (status) {
      case 404 -> "Look at the address again: it may be misspelt, or what it named was deleted.";
      case 500 ->
        "It is not known whether anything was changed: look at the page again before you do it once more. If it stays so, whoever"
            + " runs the registry finds the cause in its log.";
      case 503 ->
        "Wait a moment, and load the page again. What you sent may have to be sent again: look at the page first.";
      default -> "Nothing was changed. Go back and look at the page again.";
    };
  }
}
