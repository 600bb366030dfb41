package dev.slipway.registry.tracking;

import java.util.List;

/** A named group of runs. Times are milliseconds since the epoch. */
public record Experiment(
    long id,
    String name,
    String artifactLocation,
    Lifecycle lifecycle,
    long creationTime,
    long lastUpdateTime,
    List<KeyValue> tags) {
  /** Always there; where runs go that name no experiment. */
  public static final long DEFAULT_ID = 0;

  public Experiment {
    tags = List.copyOf(tags);
  }
}
