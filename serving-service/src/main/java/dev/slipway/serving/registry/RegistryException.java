package dev.slipway.serving.registry;

/** A call of the registry that brought no answer, or not the one wanted. The message holds no token. */
public class RegistryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, and so whether trying again helps. */
  public enum Kind {
    /** No connection, no answer in time, or a 5xx: try again. */
    UNREACHABLE,
    /** It does not know what was asked for (404). */
    NOT_FOUND,
    /** It refuses this process or this request (other 4xx): the service token or the versions do not fit. */
    REFUSED,
    /** It answered something that is not the wire's form. */
    UNREADABLE
  }

  private final Kind kind;

  public RegistryException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
