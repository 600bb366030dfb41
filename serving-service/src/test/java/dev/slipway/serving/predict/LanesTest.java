package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.testing.TestConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final int MANY = 1_000;

  private final Served served = new Served();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Lanes lanes = new Lanes(
      served,
      meters,
      TestConfigs.of(Map.of()).getConfigMapping(PredictConfig.class),
      Clock.systemUTC());

  @Test
  void theSameVersionKeepsItsLane() {
    Lane lane = lanes.of(served.load("m", 1));
    assertThat(lanes.of(served.load("m", 1))).isSameAs(lane);
    assertThat(lanes.of(served.load("m", 2))).isNotSameAs(lane);
  }

  @Test
  void aVersionThatIsGoneLosesItsMetersWhenAnotherComes() {
    lanes.of(served.load("m", 1)).count(Protocol.FRIENDLY, Outcome.OK, 1);
    served.versions.put("m", List.of(2));
    lanes.of(served.load("m", 2));
    assertThat(meters.find("slipway_predict_requests").tag("version", "1").counter())
        .isNull();
  }

  @Test
  void aModelThatIsGoneLosesItsGateOnceNobodyIsIn() throws InferenceException {
    var limits = new Gate.Limits(1, 1);
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    lanes.of(served.load("m", 1));
    Gate gate = lanes.enter("m", limits, deadline);
    served.versions.clear();
    lanes.of(served.load("n", 1));
    assertThat(lanes.gate("m")).as("while somebody is in").isSameAs(gate);
    gate.exit();
    lanes.of(served.load("o", 1));
    assertThat(meters.find("slipway_predict_in_flight").tag("model", "m").gauge())
        .isNull();
    assertThat(gate.enter(limits, deadline)).as("by who has the old gate").isFalse();
    assertThat(lanes.enter("m", limits, deadline)).isNotSameAs(gate);
    assertThat(meters.get("slipway_predict_in_flight").tag("model", "m").gauge().value())
        .isEqualTo(1);
  }

  @Test
  void aThousandModelsAreNotLookedThroughForEachThatComes() {
    for (int i = 0; i < MANY; i++) {
      lanes.of(served.load("m" + i, 1)).count(Protocol.FRIENDLY, Outcome.OK, 1);
    }
    assertThat(served.looks).isLessThan(10 * MANY);
    served.versions.clear();
    for (int i = 0; i < MANY; i++) {
      lanes.of(served.load("n" + i, 1));
    }
    assertThat(meters.find("slipway_predict_requests").counters())
        .as("of versions that are gone")
        .isEmpty();
  }

  /** Versions by model; counts how often it is asked. */
  private static final class Served implements Servables {
    private final Map<String, List<Integer>> versions = new HashMap<>();
    private int looks;

    ServableHandle load(String model, int version) {
      versions.put(model, List.of(version));
      return new Handle(model, version);
    }

    @Override
    public ServableHandle acquire(String model, VersionSelector selector) {
      return load(model, 1);
    }

    @Override
    public List<String> models() {
      return List.copyOf(versions.keySet());
    }

    @Override
    public List<Integer> versions(String model) {
      looks++;
      return versions.getOrDefault(model, List.of());
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

  private record Handle(String model, int version) implements ServableHandle {

    @Override
    public Digest digest() {
      return Digest.of((model + version).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public LoadedModel loaded() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServingSettings settings() {
      return ServingSettings.defaults();
    }

    @Override
    public void record(long latencyNanos, boolean error, boolean nonFinite) {}

    @Override
    public void close() {}
  }
}
