package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;

/** A reference to a loaded version. Close it exactly once. */
public interface ServableHandle extends AutoCloseable {
  String model();

  int version();

  Digest digest();

  LoadedModel loaded();

  ServingSettings settings();

  /** Counts one answered request for the replica's report. */
  void record(long latencyNanos, boolean error, boolean nonFinite);

  @Override
  void close();
}
