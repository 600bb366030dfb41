package dev.slipway.systemtests.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * What a cluster consists of.
 *
 * @param home the root of the repository, where the packaged services are
 * @param heap of each service, as {@code -Xmx} takes it
 * @param minio a real MinIO; else a directory
 * @param slowLink the registries reach PostgreSQL over a {@link SlowLink}
 */
public record ClusterPlan(
    Path home,
    int registries,
    int servings,
    boolean minio,
    boolean slowLink,
    String heap,
    Map<String, Object> registrySettings,
    Map<String, Object> servingSettings) {

  /** One of each, on MinIO. */
  public static ClusterPlan usual() {
    Path home =
        Path.of(System.getProperty("slipway.home", ".")).toAbsolutePath().normalize();
    return new ClusterPlan(home, 1, 1, true, false, "512m", Map.of(), Map.of());
  }

  public ClusterPlan withRegistries(int count) {
    return new ClusterPlan(
        home, count, servings, minio, slowLink, heap, registrySettings, servingSettings);
  }

  public ClusterPlan withServings(int count) {
    return new ClusterPlan(
        home, registries, count, minio, slowLink, heap, registrySettings, servingSettings);
  }

  public ClusterPlan withHeap(String size) {
    return new ClusterPlan(
        home, registries, servings, minio, slowLink, size, registrySettings, servingSettings);
  }

  public ClusterPlan withDirectory() {
    return new ClusterPlan(
        home, registries, servings, false, slowLink, heap, registrySettings, servingSettings);
  }

  public ClusterPlan withSlowLink() {
    return new ClusterPlan(
        home, registries, servings, minio, true, heap, registrySettings, servingSettings);
  }

  public ClusterPlan withRegistrySettings(Map<String, Object> settings) {
    return new ClusterPlan(
        home, registries, servings, minio, slowLink, heap, settings, servingSettings);
  }

  public ClusterPlan withServingSettings(Map<String, Object> settings) {
    return new ClusterPlan(
        home, registries, servings, minio, slowLink, heap, registrySettings, settings);
  }

  /** A service that is not packaged fails a test where {@code CI=true}, and skips it with the reason elsewhere. */
  public void requirePackages() {
    for (String module : new String[] {"registry-service", "serving-service"}) {
      Path jar = home.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
      if (!Files.exists(jar)) {
        String reason = module + " is not packaged (" + jar + "); ./mvnw verify does it";
        if ("true".equals(System.getenv("CI"))) {
          throw new AssertionError(reason);
        }
        Assumptions.abort(reason);
      }
    }
  }
}
