package dev.slipway.serving.config;

import dev.slipway.common.store.StoreSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where the artifacts are. The same keys as the registry's; serving only reads. */
@ConfigMapping(prefix = "slipway.store")
public interface StoreConfig {
  /** {@code directory} or {@code s3}. */
  @WithDefault("directory")
  String kind();

  @WithDefault(".slipway/store")
  Path directory();

  S3 s3();

  /** MinIO or any S3. */
  interface S3 {
    Optional<URI> url();

    Optional<String> bucket();

    Optional<String> accessKey();

    Optional<String> secretKey();

    @WithDefault("us-east-1")
    String region();
  }

  /**
   * As the store wants it.
   *
   * @throws IllegalArgumentException naming the key that is missing or wrong
   */
  default StoreSettings settings() {
    return switch (kind().toLowerCase(Locale.ROOT)) {
      case "directory" -> new StoreSettings.Directory(directory(), false);
      case "s3" ->
        new StoreSettings.S3(
            need(s3().url(), "url"),
            need(s3().bucket(), "bucket"),
            need(s3().accessKey(), "access-key"),
            need(s3().secretKey(), "secret-key"),
            s3().region());
      default ->
        throw new IllegalArgumentException(
            "slipway.store.kind is 'directory' or 's3', not '" + kind() + "'");
    };
  }

  private static <T> T need(Optional<T> value, String key) {
    return value.orElseThrow(() -> new IllegalArgumentException(
        "slipway.store.kind is s3 and slipway.store.s3." + key + " is not set"));
  }
}
