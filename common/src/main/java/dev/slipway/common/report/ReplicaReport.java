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
   */
  public record Stats(long requests, long errors, long nonFinite, LatencyHistogram latency) {
    public static Stats none() {
      return new Stats(0, 0, 0, LatencyHistogram.empty());
    }
  }
}
