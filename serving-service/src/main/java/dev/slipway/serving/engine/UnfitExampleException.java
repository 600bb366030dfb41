package dev.slipway.serving.engine;

/** An input example that cannot be made into what the model takes. The message says why, fit for a reviewer. */
public final class UnfitExampleException extends Exception {
  private static final long serialVersionUID = 1L;

  UnfitExampleException(String message) {
    super(message);
  }
}
