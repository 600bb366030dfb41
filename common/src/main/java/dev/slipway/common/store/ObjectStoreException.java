package dev.slipway.common.store;

import dev.slipway.common.artifact.Digest;

/** What can go wrong with an object store. Messages name the key, never credentials. */
public abstract sealed class ObjectStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  private ObjectStoreException(String key, String message, Throwable cause) {
    super(message, cause);
    this.key = key;
  }

  public String key() {
    return key;
  }

  /** No object under this key. */
  public static final class Missing extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public Missing(String key) {
      super(key, "no object '" + key + "' in the store", null);
    }
  }

  /** The store did not answer, or answered with a failure of its own. Try again later. */
  public static final class Unreachable extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String key, String what, Throwable cause) {
      super(key, "the object store cannot be reached: " + what, cause);
    }
  }

  /** The bytes are not those that were promised. */
  public static final class Mismatch extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public Mismatch(String key, Digest expected, Digest actual) {
      super(key, "object '" + key + "' has digest " + actual + ", expected " + expected, null);
    }

    public Mismatch(String key, String message) {
      super(key, message, null);
    }
  }

  /** The stream that was being stored failed; nothing was written. */
  public static final class SourceFailed extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public SourceFailed(String key, Throwable cause) {
      super(key, "the content for '" + key + "' broke off: " + cause.getMessage(), cause);
    }
  }
}
