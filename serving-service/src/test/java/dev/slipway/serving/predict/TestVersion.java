package dev.slipway.serving.predict;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * A version of the model {@code m}.
 *
 * @param nonFinite whether the answer was, of each request that it was told of
 */
record TestVersion(
    int version,
    ServingSettings settings,
    LoadedModel loaded,
    boolean isOnTrial,
    List<Boolean> nonFinite)
    implements ServableHandle {
  TestVersion(int version, ServingSettings settings, LoadedModel loaded) {
    this(version, settings, loaded, false, new ArrayList<>());
  }

  TestVersion onTrial() {
    return new TestVersion(version, settings, loaded, true, nonFinite);
  }

  @Override
  public String model() {
    return "m";
  }

  @Override
  public Digest digest() {
    return Digest.of(new byte[] {(byte) version});
  }

  @Override
  public void record(long latencyNanos, boolean error, boolean notFinite) {
    nonFinite.add(notFinite);
  }

  @Override
  public void close() {}

  /** A fleet of which nothing is asked. */
  static final class Nothing implements Servables {
    @Override
    public ServableHandle acquire(String model, VersionSelector selector) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> models() {
      return List.of("m");
    }

    @Override
    public List<Integer> versions(String model) {
      return List.of(1, 2);
    }

    @Override
    public List<Listed> index() {
      return List.of();
    }

    @Override
    public long staleSeconds() {
      return -1;
    }
  }
}
