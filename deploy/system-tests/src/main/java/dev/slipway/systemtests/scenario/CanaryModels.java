package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** A good model, and others that go wrong in one way each for what {@link IrisModels#ROW} sends ({@code deploy/fixtures/canary_models.py}). */
public final class CanaryModels {
  private CanaryModels() {}

  /** good, failing, slow, nan, shifted or permuted. */
  public static byte[] onnx(String name) {
    try (InputStream file = CanaryModels.class.getResourceAsStream("/canary/" + name + ".onnx")) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Registers a model with the good version 1 live, and {@code candidate} as version 2, which goes its way by these steps. */
  public static void register(
      RegistryApi registry, String model, String candidate, Map<String, ?> strategy) {
    registry.createModel(model).expect(201);
    registry.waiveApprovals(model);
    registry.addVersion(model, onnx("good"));
    registry.addVersion(model, onnx(candidate));
    registry.promote(model, 1);
    registry.putSettings(model, Map.of("release", strategy)).expect(200);
  }

  /** A canary of one long step, judged after 40 requests. */
  public static Map<String, Object> canary(double percent, double minLatencyDeltaMs) {
    return Map.of(
        "kind",
        "canary",
        "steps",
        List.of(Map.of("percent", percent, "seconds", 600)),
        "limits",
        Map.of("min_requests", 40, "min_latency_delta_ms", minLatencyDeltaMs));
  }
}
