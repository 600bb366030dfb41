package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;

/** What makes two servables the same: the name and number that they answer to, the bytes, and how they are loaded. */
record ServableId(String model, int version, Digest digest, LoadOptions options) {

  /** Whether {@code other} answers the same requests with the same bytes, and differs at most in how it is loaded. */
  boolean sameContent(ServableId other) {
    return version == other.version && model.equals(other.model) && digest.equals(other.digest);
  }

  /** What {@link #sameContent} compares, as a key. */
  ServableId content() {
    return new ServableId(model, version, digest, null);
  }

  @Override
  public String toString() {
    return model + " version " + version + " (" + digest.shortHex() + ")";
  }
}
