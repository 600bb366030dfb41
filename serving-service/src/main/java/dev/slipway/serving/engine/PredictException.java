package dev.slipway.serving.engine;

/** A run that did not answer. The message is fit for the caller; what the runtime said stays in the cause. */
public class PredictException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is, and so which status the protocols answer. */
  public enum Kind {
    /** The input does not fit the model (400, INVALID_ARGUMENT). */
    BAD_INPUT,
    /** The deadline passed (504, DEADLINE_EXCEEDED). */
    DEADLINE,
    /** The runtime finds no memory for this run now (503, RESOURCE_EXHAUSTED). */
    NO_MEMORY,
    /** The model or runtime failed (500, INTERNAL). */
    FAILED
  }

  private final Kind kind;

  public PredictException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public PredictException(Kind kind, String message) {
    this(kind, message, null);
  }

  public Kind kind() {
    return kind;
  }
}
