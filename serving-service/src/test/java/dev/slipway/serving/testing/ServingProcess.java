package dev.slipway.serving.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A registry beside the application under test, and a data directory of its own. */
public final class ServingProcess implements QuarkusTestResourceLifecycleManager {
  private static FakeRegistry registry;

  public static FakeRegistry registry() {
    return registry;
  }

  @Override
  public Map<String, String> start() {
    try {
      Path root = Files.createTempDirectory("serving-process");
      registry = new FakeRegistry(root.resolve("bucket"), Duration.ofSeconds(1));
      return Map.of(
          "slipway.registry.url", registry.url().toString(),
          "slipway.service-token", FakeRegistry.TOKEN,
          "slipway.store.directory", root.resolve("bucket").toString(),
          "slipway.serving.data-dir", root.resolve("data").toString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void stop() {
    registry.close();
  }
}
