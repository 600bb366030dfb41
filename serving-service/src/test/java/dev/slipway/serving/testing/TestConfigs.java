package dev.slipway.serving.testing;

import dev.slipway.serving.config.RegistryConfig;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.config.StoreConfig;
import dev.slipway.serving.predict.PredictConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.quarkus.runtime.configuration.PathConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Configuration as the process reads it, from a few keys. */
public final class TestConfigs {
  private TestConfigs() {}

  public static SmallRyeConfig of(Map<String, String> keys) {
    return new SmallRyeConfigBuilder()
        .withMapping(ServingConfig.class)
        .withMapping(RegistryConfig.class)
        .withMapping(StoreConfig.class)
        .withMapping(PredictConfig.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withConverter(Path.class, 200, new PathConverter())
        .withSources(new PropertiesConfigSource(keys, "test", 1_000))
        .build();
  }
}
