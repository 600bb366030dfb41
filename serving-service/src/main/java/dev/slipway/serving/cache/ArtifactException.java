package dev.slipway.serving.cache;

/** A version's files cannot be had. The message names the digest and is fit for a reviewer: no path of this machine. */
public class ArtifactException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is in the way, and so whether trying again helps. */
  public enum Kind {
    /** The registry did not hand out the manifest; it may later. */
    REGISTRY_UNREACHABLE,
    /** The object store did not answer; it may later. */
    STORE_UNREACHABLE,
    /** This machine's disk is full or failing; it may recover. */
    DISK,
    /** The cache's quota is too small for what must stay in it. */
    QUOTA,
    /** The registry has no such manifest, or the store no such object. */
    MISSING,
    /** The bytes are not those that were promised. */
    CORRUPT
  }

  private final Kind kind;

  public ArtifactException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public ArtifactException(Kind kind, String message) {
    this(kind, message, null);
  }

  public Kind kind() {
    return kind;
  }
}
