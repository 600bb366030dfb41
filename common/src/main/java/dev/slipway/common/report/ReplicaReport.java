package dev.slipway.common.report;

import dev.slipway.common.artifact.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The state of one replica.
 *
 * @param replica a stable id, kept with the replica's cache
 * @param url where people and the registry's UI reach it; may be null
 * @param startedAt when the process started: counts begin again with each start
 * @param epoch the feed epoch whose switch is in force
 * @param revision the feed revision whose traffic is in force on this replica: no request that arrives now is answered by an
 *     older one
 * @param selector the models it serves; null for all
 */
public record ReplicaReport(
    String replica,
    String url,
    Instant startedAt,
    Instant at,
    String epoch,
    long revision,
    Selector selector,
    List<Loaded> loaded) {
  public ReplicaReport {
    loaded = List.copyOf(loaded);
  }

  /** Which models a replica serves: by name (empty: any) and by tags (all must match). */
  public record Selector(List<String> names, Map<String, String> tags) {
    public Selector {
      names = names == null ? List.of() : List.copyOf(names);
      tags = tags == null ? Map.of() : Map.copyOf(tags);
    }

    public static Selector all() {
      return new Selector(List.of(), Map.of());
    }

    public boolean matches(String name, Map<String, String> modelTags) {
      return (names.isEmpty() || names.contains(name))
          && tags.entrySet().stream()
              .allMatch(tag -> tag.getValue().equals(modelTags.get(tag.getKey())));
    }
  }

  /** Where a servable is in its life. */
  public enum State {
    LOADING,
    WARMING,
    READY,
    DRAINING,
    FAILED
  }

  /**
   * One servable.
   *
   * @param error why it FAILED, in words fit for a reviewer; else null
   * @param loadMs fetch, verify, load and warm-up together, in milliseconds; null until READY
   * @param memoryBytes estimate; null when unknown
   */
  public record Loaded(
      String model,
      int version,
      Digest digest,
      State state,
      String error,
      Long loadMs,
      Long memoryBytes,
      Stats stats) {}

  /**
   * Counts since the servable became READY; they only grow.
   *
   * @param latency the time a request took in the gateway
   * @param nonFinite answers that held a NaN or an infinity
   * @param refused requests that were answered with an error of the caller's: not among {@code requests}, for most versions get them
   *     alike, but a new version that gets more of them than the live one does not take what its callers send
   * @param outputs how the outputs are distributed, by name and column; only while a release divides the traffic
   * @param shadow what came of mirrored requests; null when there were none
   * @param callers who called it, by a bounded name
   */
  public record Stats(
      long requests,
      long errors,
      long nonFinite,
      LatencyHistogram latency,
      long refused,
      Map<String, OutputSketch> outputs,
      ShadowStats shadow,
      Map<String, CallerCount> callers) {
    public Stats {
      latency = latency == null ? LatencyHistogram.empty() : latency;
      outputs = outputs == null ? Map.of() : Map.copyOf(outputs);
      callers = callers == null ? Map.of() : Map.copyOf(callers);
    }

    public Stats(long requests, long errors, long nonFinite, LatencyHistogram latency) {
      this(requests, errors, nonFinite, latency, 0, Map.of(), null, Map.of());
    }

    public static Stats none() {
      return new Stats(0, 0, 0, LatencyHistogram.empty());
    }
  }

  /**
   * One caller of a version.
   *
   * @param named of the requests, those that named the version, its alias or its stage
   */
  public record CallerCount(long requests, long named) {
    public CallerCount plus(CallerCount other) {
      return new CallerCount(requests + other.requests, named + other.named);
    }
  }
}
