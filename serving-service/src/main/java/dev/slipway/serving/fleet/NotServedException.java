package dev.slipway.serving.fleet;

/** No loaded version answers for this name. */
public class NotServedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, and so which status the protocols answer. */
  public enum Reason {
    /** The model is not in the feed (404). */
    UNKNOWN_MODEL,
    /** The model has no live version (404). */
    NO_LIVE_VERSION,
    /** The version, alias or stage named is not served here (404). */
    VERSION_NOT_SERVED,
    /** It is to be served, and not loaded yet (503). */
    NOT_READY
  }

  private final Reason reason;

  public NotServedException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
