package dev.slipway.launcher.stack;

/**
 * What `slipway up` was asked for, kept with the data directory for its supervisor.
 *
 * @param policy the server's default: {@code reviewed} or {@code open}
 * @param s3Url an S3 endpoint for the bytes; null for a directory below the data
 * @param s3Bucket its bucket; null without an endpoint
 * @param accessSeed the principals of an empty stack, as {@code name:role} pairs
 * @param training whether the services leave a start-up cache behind when they end
 */
public record StackOptions(
    int registryPort,
    int servingPort,
    int grpcPort,
    String policy,
    String s3Url,
    String s3Bucket,
    String accessSeed,
    boolean training) {
  /** Who is who on a laptop. */
  public static final String PEOPLE =
      "alice:author,bob:reviewer,carol:reviewer,rita:releaser,root:admin";
}
