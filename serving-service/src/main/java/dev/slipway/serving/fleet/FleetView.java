package dev.slipway.serving.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.serving.cache.CacheUse;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What {@code GET /fleet} shows. */
record FleetView(
    String replica,
    String url,
    boolean ready,
    String notReadyReason,
    Instant startedAt,
    Registry registry,
    ReplicaReport.Selector selector,
    List<Model> models,
    Memory memory,
    CacheUse cache) {

  /**
   * The link to the registry.
   *
   * @param epoch of the feed that every new request is answered by, as is {@code revision}
   * @param staleSince when it was last heard from, if that is longer ago than tolerated
   */
  record Registry(
      URI url, String epoch, long revision, Instant lastHeard, Instant staleSince, String error) {}

  /**
   * One model of the feed.
   *
   * @param liveReady whether requests that name no version are answered
   */
  record Model(
      String name,
      Integer liveVersion,
      boolean liveReady,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Feed.TrafficShare> traffic,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> aliases,
      long settingsVersion,
      List<Version> versions) {}

  /**
   * One version, wanted or on its way out.
   *
   * @param error why it is not loaded, or what the load waits for
   * @param retryAt when a failed load is tried again by itself
   */
  record Version(
      int version,
      Digest digest,
      List<String> roles,
      State state,
      String error,
      Instant retryAt,
      Long loadMs,
      Long memoryBytes,
      Stats stats) {}

  /** Counts in short; latencies in microseconds. */
  record Stats(long requests, long errors, long nonFinite, Double p50Micros, Double p99Micros) {}

  /** Estimates, in bytes. */
  record Memory(long loadedBytes, long budgetBytes) {}
}
