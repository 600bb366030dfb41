package dev.slipway.registry.external;

import java.time.Instant;

/**
 * The newest attempt to copy a version's files into the registry.
 *
 * @param error why it failed; null unless it did
 * @param files how many there are; 0 until they are listed
 * @param bytes of all files
 * @param endedAt null while it runs
 */
public record Copy(
    String model,
    int version,
    State state,
    String error,
    String startedBy,
    int files,
    int filesDone,
    long bytes,
    long bytesDone,
    Instant startedAt,
    Instant endedAt) {
  /** How far it is. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }
}
