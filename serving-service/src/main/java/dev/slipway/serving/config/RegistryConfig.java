package dev.slipway.serving.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** Where the registry is. */
@ConfigMapping(prefix = "slipway.registry")
public interface RegistryConfig {
  @WithDefault("http://127.0.0.1:8080")
  URI url();
}
