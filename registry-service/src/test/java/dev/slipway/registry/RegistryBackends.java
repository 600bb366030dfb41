package dev.slipway.registry;

import dev.slipway.common.testing.TestPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** A fresh database of the JVM's embedded Postgres and a directory as object store, for every {@code @QuarkusTest}. */
public class RegistryBackends implements QuarkusTestResourceLifecycleManager {
  /** What /internal/v1 asks for in tests. */
  public static final String SERVICE_TOKEN = "test-service-token";

  @Override
  public Map<String, String> start() {
    try {
      return Map.of(
          "quarkus.datasource.jdbc.url",
          TestPostgres.freshDatabase(),
          "quarkus.datasource.username",
          TestPostgres.USER,
          "quarkus.datasource.password",
          TestPostgres.PASSWORD,
          "slipway.store.kind",
          "directory",
          "slipway.store.directory",
          Files.createTempDirectory("slipway-store").toString(),
          "slipway.service-token",
          SERVICE_TOKEN,
          "slipway.access.seed",
          "alice:author,bob:reviewer,carol:reviewer,rita:releaser,root:admin");
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  @Override
  public void stop() {}
}
