package dev.slipway.common.job;

import dev.slipway.common.artifact.Digest;
import java.time.Instant;
import java.util.Map;

/**
 * One piece of work.
 *
 * @param kind what to do; {@link #INSPECT}, or a {@link #check}
 * @param digest the version's files, by manifest digest
 * @param parameters what the kind needs beside the files
 * @param leaseUntil when another process may claim it again
 */
public record Job(
    long id,
    String kind,
    String model,
    int version,
    Digest digest,
    Map<String, String> parameters,
    Instant leaseUntil) {
  /** Reads inputs, outputs, metadata and memory of a version, and says whether it can be served. */
  public static final String INSPECT = "inspect";

  private static final String CHECK = "check/";

  /** The kind of job that makes this check of a request. */
  public static String check(String name) {
    return CHECK + name;
  }

  public Job {
    parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
  }
}
