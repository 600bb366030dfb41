package dev.slipway.registry.external;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The one S3 from which sources may be copied into the registry; nothing is copied unless all of it is named. */
@ConfigMapping(prefix = "slipway.external.s3")
interface ExternalConfig {
  /** Scheme, host and port. */
  Optional<URI> url();

  Optional<String> accessKey();

  Optional<String> secretKey();

  @WithDefault("us-east-1")
  String region();

  /** The buckets that callers may have read with these keys. */
  Optional<List<String>> buckets();

  /** Bytes of one version. */
  @WithDefault("68719476736")
  long maxBytes();

  /** Files of one version. */
  @WithDefault("10000")
  int maxFiles();
}
