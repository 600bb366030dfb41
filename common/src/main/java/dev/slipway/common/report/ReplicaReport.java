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
 * @param loaded every servable, or with a {@code part} those that changed
 * @param list the number of the whole list of servables after this report; grows with each change within one start of the
 *     process, 0 for a list that nothing can be told relative to
 * @param part what {@code loaded} is relative to; null when it is the whole list
 */
public record ReplicaReport(
    String replica,
    String url,
    Instant startedAt,
    Instant at,
    String epoch,
    long revision,
    Selector selector,
    List<Loaded> loaded,
    long list,
    Part part) {
  public ReplicaReport {
    loaded = List.copyOf(loaded);
  }

  /** Says the whole list. */
  public ReplicaReport(
      String replica,
      String url,
      Instant startedAt,
      Instant at,
      String epoch,
      long revision,
      Selector selector,
      List<Loaded> loaded) {
    this(replica, url, startedAt, at, epoch, revision, selector, loaded, 0, null);
  }

  /** The same state of a process, told by another list. */
  public ReplicaReport telling(List<Loaded> told, long number, Part relativeTo) {
    return new ReplicaReport(
        replica, url, startedAt, at, epoch, revision, selector, told, number, relativeTo);
  }

  /**
   * The list in short: what changed since list {@code since}.
   *
   * @param gone what is no longer there
   */
  public record Part(long since, List<Key> gone) {
    public Part {
      gone = gone == null ? List.of() : List.copyOf(gone);
    }
  }

  /** What tells one servable of a replica from the others. */
  public record Key(String model, int version, Digest digest) {}

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
   * @param sampled true when this replica keeps requests of the model on its disk, and has some; else null
   */
  public record Loaded(
      String model,
      int version,
      Digest digest,
      State state,
      String error,
      Long loadMs,
      Long memoryBytes,
      Stats stats,
      Boolean sampled) {

    public Loaded(
        String model,
        int version,
        Digest digest,
        State state,
        String error,
        Long loadMs,
        Long memoryBytes,
        Stats stats) {
      this(model, version, digest, state, error, loadMs, memoryBytes, stats, null);
    }

    public Key key() {
      return new Key(model, version, digest);
    }
  }

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
