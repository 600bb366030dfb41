package dev.slipway.systemtests;

import static org.awaitility.Awaitility.await;

import dev.slipway.common.store.StoreSettings;
import dev.slipway.common.testing.TestMinio;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One cluster for all tests of commands, as it takes seconds to start, and somebody else's bucket that its registry may copy from; they end with the
 * test run. There is a model {@code typed}, whose version 2 is live and whose version 1 was.
 */
final class SharedCluster implements ParameterResolver {

  /** @param elsewhere the bucket */
  private record Held(Cluster cluster, TestMinio minio, StoreSettings.S3 elsewhere)
      implements AutoCloseable {

    @Override
    public void close() {
      try (minio) {
        cluster.close();
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class || type == StoreSettings.S3.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Held held = context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedCluster.class))
        .computeIfAbsent(Held.class, key -> open(), Held.class);
    return parameter.getParameter().getType() == Cluster.class ? held.cluster() : held.elsewhere();
  }

  private static Held open() {
    TestMinio minio = TestMinio.start();
    try {
      StoreSettings.S3 elsewhere = minio.freshBucket();
      var held = new Held(
          Cluster.start(ClusterPlan.usual()
              .withDirectory()
              .withRegistrySettings(Map.of(
                  "slipway.external.s3.url", elsewhere.url(),
                  "slipway.external.s3.buckets", elsewhere.bucket(),
                  "slipway.external.s3.access-key", elsewhere.accessKey(),
                  "slipway.external.s3.secret-key", elsewhere.secretKey()))),
          minio,
          elsewhere);
      return furnished(held);
    } catch (RuntimeException | AssertionError e) {
      minio.close();
      throw e;
    }
  }

  private static Held furnished(Held held) {
    try {
      furnish(held.cluster().registry());
      return held;
    } catch (RuntimeException | AssertionError e) {
      held.cluster().close();
      throw e;
    }
  }

  private static void furnish(RegistryApi registry) {
    IrisModels.register(registry, "typed");
    registry.promote("typed", 1);
    registry.promote("typed", 2);
    // The promotions do not wait for the inspections, which say what the inputs are.
    for (int version = 1; version <= 2; version++) {
      int inspected = version;
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> registry
              .getVersion("typed", inspected)
              .json()
              .at("/servable/state")
              .asText()
              .equals("yes"));
    }
  }
}
