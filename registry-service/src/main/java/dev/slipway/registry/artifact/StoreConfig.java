package dev.slipway.registry.artifact;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Which object store. */
@ConfigMapping(prefix = "slipway.store")
interface StoreConfig {
  /** Directory or S3. */
  enum Kind {
    DIRECTORY,
    S3
  }

  @WithDefault("directory")
  Kind kind();

  /** The root of a directory store; made when it is not there. */
  Optional<Path> directory();

  S3 s3();

  /** An S3 store. */
  interface S3 {
    Optional<java.net.URI> url();

    @WithDefault("slipway")
    String bucket();

    Optional<String> accessKey();

    Optional<String> secretKey();

    @WithDefault("us-east-1")
    String region();
  }
}
