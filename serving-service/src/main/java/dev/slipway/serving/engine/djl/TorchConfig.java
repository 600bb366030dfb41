package dev.slipway.serving.engine.djl;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Whether and how TorchScript is served. */
@ConfigMapping(prefix = "slipway.serving.torchscript")
public interface TorchConfig {
  /** TorchScript files hold code of a language of their own; false refuses them. */
  @WithDefault("true")
  boolean enabled();

  /** Where libtorch is unpacked to by the first model that needs it, 450 MB, and found again later. */
  @WithDefault("${slipway.serving.data-dir:.slipway/serving}/libtorch")
  Path libraryDir();
}
