package dev.slipway.serving.engine.tensorflow;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Whether and how SavedModels are served. */
@ConfigMapping(prefix = "slipway.serving.tensorflow")
public interface TensorflowConfig {
  /** The graph of a SavedModel has operators that read and write files; false refuses them. */
  @WithDefault("true")
  boolean enabled();

  /** Where TensorFlow is unpacked to by the first model that needs it, 600 MB, and found again later. */
  @WithDefault("${slipway.serving.data-dir:.slipway/serving}/tensorflow")
  Path libraryDir();
}
