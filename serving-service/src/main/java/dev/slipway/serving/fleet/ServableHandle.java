package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import java.util.List;
import java.util.Set;

/** A reference to a loaded version. Close it exactly once. */
public interface ServableHandle extends AutoCloseable {
  String model();

  int version();

  Digest digest();

  LoadedModel loaded();

  ServingSettings settings();

  /** Counts one answered request for the replica's report. */
  void record(long latencyNanos, boolean error, boolean nonFinite);

  /**
   * Counts one request by who sent it.
   *
   * @param caller as it called itself; null when it did not
   * @param named whether it named the version, an alias or a stage, and so will not follow a switch
   */
  default void calledBy(String caller, boolean named) {}

  /** Counts one request that the version could not take as it was. */
  default void refused() {}

  /**
   * Takes an answer into account where a release compares versions: its distribution, and what the mirrored version answers. What it
   * needs later it copies; it never waits.
   */
  default void compare(List<Tensor> inputs, Set<String> wanted, List<Tensor> answer) {}

  @Override
  void close();
}
