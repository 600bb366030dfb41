package dev.slipway.systemtests;

import static org.awaitility.Awaitility.await;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One cluster for all tests of commands, as it takes seconds to start; it ends with the test run. It has a model {@code typed}, whose version 2 is live
 * and whose version 1 was.
 */
final class SharedCluster implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedCluster.class))
        .computeIfAbsent(Cluster.class, key -> open(), Cluster.class);
  }

  private static Cluster open() {
    Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory());
    RegistryApi registry = cluster.registry();
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
    return cluster;
  }
}
