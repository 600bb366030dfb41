package dev.slipway.registry.problem;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A condition that a caller caused or must know of. The message is for the caller: no class names, paths or SQL. Each dialect
 * maps it to its own error form in one place.
 */
public abstract sealed class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String slug;
  private final transient Map<String, Object> coordinates = new LinkedHashMap<>();

  private RegistryException(String slug, String message, Throwable cause) {
    super(message, cause);
    this.slug = slug;
  }

  /** Stable name of the condition: the end of the problem type. */
  public String slug() {
    return slug;
  }

  /** What the condition is about, by name: model, version, request, … */
  public Map<String, Object> coordinates() {
    return coordinates == null ? Map.of() : coordinates;
  }

  /** Adds a coordinate, and answers this. */
  public RegistryException with(String name, Object value) {
    coordinates.put(name, value);
    return this;
  }

  /** What was named does not exist. */
  public static final class NotFound extends RegistryException {
    private static final long serialVersionUID = 1L;

    public NotFound(String slug, String message) {
      super(slug, message, null);
    }

    public static RegistryException model(String name) {
      return new NotFound("model-not-found", "there is no registered model '" + name + "'")
          .with("model", name);
    }

    public static RegistryException version(String model, Object version) {
      return new NotFound("version-not-found", "model '" + model + "' has no version " + version)
          .with("model", model)
          .with("version", version);
    }
  }

  /** It exists already: a create that must not overwrite. */
  public static final class AlreadyExists extends RegistryException {
    private static final long serialVersionUID = 1L;

    public AlreadyExists(String slug, String message) {
      super(slug, message, null);
    }
  }

  /** A rule or somebody else's change stands in the way; the message says what to do. */
  public static final class Conflict extends RegistryException {
    private static final long serialVersionUID = 1L;

    public Conflict(String slug, String message) {
      super(slug, message, null);
    }
  }

  /** The request itself is wrong. */
  public static final class Invalid extends RegistryException {
    private static final long serialVersionUID = 1L;

    public Invalid(String slug, String message) {
      super(slug, message, null);
    }

    public Invalid(String message) {
      this("invalid-request", message);
    }
  }

  /** Well-formed, and yet it cannot be meant: an idempotency key with another body. */
  public static final class Unprocessable extends RegistryException {
    private static final long serialVersionUID = 1L;

    public Unprocessable(String slug, String message) {
      super(slug, message, null);
    }
  }

  /** This caller may not. */
  public static final class Forbidden extends RegistryException {
    private static final long serialVersionUID = 1L;

    public Forbidden(String slug, String message) {
      super(slug, message, null);
    }
  }

  /** No valid credentials where they are needed. */
  public static final class Unauthenticated extends RegistryException {
    private static final long serialVersionUID = 1L;

    public Unauthenticated(String message) {
      super("unauthenticated", message, null);
    }
  }

  /** If-Match named another state than the present one. */
  public static final class PreconditionFailed extends RegistryException {
    private static final long serialVersionUID = 1L;

    public PreconditionFailed(String message) {
      super("precondition-failed", message, null);
    }
  }

  /** More bytes than this route takes. */
  public static final class TooLarge extends RegistryException {
    private static final long serialVersionUID = 1L;

    public TooLarge(String message) {
      super("too-large", message, null);
    }
  }

  /** Something that we depend on is away; the same call may work later. */
  public static final class Unavailable extends RegistryException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super("unavailable", message, cause);
    }
  }
}
