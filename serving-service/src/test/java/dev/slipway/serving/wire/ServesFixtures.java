package dev.slipway.serving.wire;

import dev.slipway.common.testing.FreePorts;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** The gateway with {@link FixtureServables} for a fleet, and with limits that tests can reach. */
public class ServesFixtures implements QuarkusTestProfile {
  public static final int MAX_BODY = 1 << 20;

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(FixtureServables.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "slipway.serving.predict.max-body-size",
        Integer.toString(MAX_BODY),
        "slipway.serving.predict.body-timeout",
        "PT2S",
        "slipway.serving.predict.max-elements",
        "300000",
        "quarkus.grpc.server.test-port",
        Integer.toString(FreePorts.next()),
        "slipway.serving.data-dir",
        "target/wire-data");
  }
}
