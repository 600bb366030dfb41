package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;

/**
 * The live version, answering a request that traffic gave to a version on trial, which failed. The replica's report counts a
 * request once, for the version that traffic chose: else what fails a new version would weigh on the live one too, and the two
 * could not be told apart by it. So this counts nothing.
 */
record StandIn(ServableHandle live) implements ServableHandle {
  @Override
  public String model() {
    return live.model();
  }

  @Override
  public int version() {
    return live.version();
  }

  @Override
  public Digest digest() {
    return live.digest();
  }

  @Override
  public LoadedModel loaded() {
    return live.loaded();
  }

  @Override
  public ServingSettings settings() {
    return live.settings();
  }

  @Override
  public void record(long latencyNanos, boolean error, boolean nonFinite) {}

  @Override
  public void close() {
    live.close();
  }
}
