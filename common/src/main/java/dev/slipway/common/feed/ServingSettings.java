package dev.slipway.common.feed;

/**
 * How one model is served: a versioned, audited record of the registry. A null component means "the gateway's default".
 *
 * @param intraOpThreads threads inside one operator (ONNX Runtime's word)
 * @param interOpThreads threads across operators
 * @param maxConcurrency runs at the same time on one replica
 * @param maxQueue requests that may wait for a run before 429
 * @param deadlineMs milliseconds a request may take when it names no deadline
 * @param maxBatchSize rows that dynamic batching may put together; 1 switches it off
 * @param warmupRequests inferences before a version is READY
 * @param serveStaging whether versions in Staging are loaded and answer by name
 * @param standby whether the previous version is kept warm
 * @param sampleRequests requests that each replica keeps on its own disk, so that a new version is compared on what callers send; 0, the
 *     default, for none
 * @param release how a promotion brings the traffic to the new version
 * @param session how ONNX Runtime runs it
 */
public record ServingSettings(
    Integer intraOpThreads,
    Integer interOpThreads,
    Integer maxConcurrency,
    Integer maxQueue,
    Integer deadlineMs,
    Integer maxBatchSize,
    Integer warmupRequests,
    Boolean serveStaging,
    Boolean standby,
    Integer sampleRequests,
    ReleaseStrategy release,
    SessionOptions session) {

  /** Settings with a direct release. */
  public ServingSettings(
      Integer intraOpThreads,
      Integer interOpThreads,
      Integer maxConcurrency,
      Integer maxQueue,
      Integer deadlineMs,
      Integer maxBatchSize,
      Integer warmupRequests,
      Boolean serveStaging,
      Boolean standby) {
    this(
        intraOpThreads,
        interOpThreads,
        maxConcurrency,
        maxQueue,
        deadlineMs,
        maxBatchSize,
        warmupRequests,
        serveStaging,
        standby,
        null,
        null,
        null);
  }

  public static ServingSettings defaults() {
    return new ServingSettings(null, null, null, null, null, null, null, null, null);
  }

  /** {@code release}, direct unless set. */
  public ReleaseStrategy strategy() {
    return release == null ? ReleaseStrategy.direct() : release;
  }

  /** {@code session}, all defaults unless set. */
  public SessionOptions sessionOptions() {
    return session == null ? SessionOptions.defaults() : session;
  }

  /** {@code sample_requests}, off unless set. */
  public boolean keepsRequests() {
    return sampleRequests != null && sampleRequests > 0;
  }

  /** {@code serve_staging}, off unless set. */
  public boolean servesStaging() {
    return serveStaging != null && serveStaging;
  }

  /** {@code standby}, on unless waived. */
  public boolean keepsStandby() {
    return standby == null || standby;
  }
}
