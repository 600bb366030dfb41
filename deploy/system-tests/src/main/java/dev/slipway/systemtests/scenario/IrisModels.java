package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.ServingApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The demo's two versions of iris: the same signature, and different answers to {@link #ROW}. */
public final class IrisModels {
  /** One flower, in the Open Inference Protocol's JSON. */
  public static final String ROW = ServingApi.irisRow("X");

  private IrisModels() {}

  /** The ONNX file of version 1 or 2. */
  public static byte[] onnx(int version) {
    try {
      return Files.readAllBytes(
          ClusterPlan.usual().home().resolve("deploy/demo/iris-v" + version + "/model.onnx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Registers a model with both versions, needing no approvals; neither is live. */
  public static void register(RegistryApi registry, String name) {
    registry.createModel(name).expect(201);
    registry.waiveApprovals(name);
    registry.addVersion(name, onnx(1));
    registry.addVersion(name, onnx(2));
  }
}
