package dev.slipway.registry.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How webhooks are sent. */
@ConfigMapping(prefix = "slipway.webhooks")
interface WebhookConfig {
  /** Allows plain http and receivers on loopback and private networks; {@code slipway up} sets it. */
  @WithDefault("false")
  boolean allowInsecure();

  /** Encrypts stored secrets; a long random text. */
  Optional<String> secretKey();

  /** How long one attempt may take. */
  @WithDefault("30s")
  Duration timeout();
}
