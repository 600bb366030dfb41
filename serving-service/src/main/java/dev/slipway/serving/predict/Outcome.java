package dev.slipway.serving.predict;

import java.util.Locale;

/** How a request ended, as the metrics name it. */
public enum Outcome {
  OK,
  BAD_INPUT,
  NOT_FOUND,
  REJECTED,
  DEADLINE,
  FAILED,
  /** The version was on trial and gave no answer; the live one was asked in its place, whose outcome the caller saw. */
  COVERED;

  public static Outcome of(InferenceException e) {
    return switch (e.kind()) {
      case BAD_INPUT,
          BAD_PARAMETER,
          TOO_SLOW,
          TOO_LARGE,
          UNSUPPORTED,
          NOT_ALLOWED,
          NOT_ACCEPTABLE,
          NOT_OFFERED -> BAD_INPUT;
      case NOT_FOUND -> NOT_FOUND;
      case BUSY, NOT_READY, NO_MEMORY -> REJECTED;
      case DEADLINE -> DEADLINE;
      case FAILED -> FAILED;
    };
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
