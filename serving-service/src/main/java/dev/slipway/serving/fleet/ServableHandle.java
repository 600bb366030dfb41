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

  /** Whether a share of the traffic chose the version, which is not live, for a request that named none. */
  default boolean isOnTrial() {
    return false;
  }

  /**
   * The live version, to answer in the place of this one, which is on trial and failed: its caller never asked for it. The caller
   * closes it; it may be asked for when this handle is closed.
   *
   * @return null when this version is not on trial, or the live one cannot answer
   */
  default ServableHandle standIn() {
    return null;
  }

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
