package dev.slipway.registry.artifact;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Opens the object store that the configuration names. */
class StoreProducer {
  @Produces
  @Singleton
  ObjectStore store(StoreConfig config) {
    return ObjectStores.open(
        switch (config.kind()) {
          case DIRECTORY ->
            new StoreSettings.Directory(
                require(config.directory(), "slipway.store.directory"), true);
          case S3 ->
            new StoreSettings.S3(
                require(config.s3().url(), "slipway.store.s3.url"),
                config.s3().bucket(),
                require(config.s3().accessKey(), "slipway.store.s3.access-key"),
                require(config.s3().secretKey(), "slipway.store.s3.secret-key"),
                config.s3().region());
        });
  }

  void close(@Disposes ObjectStore store) {
    store.close();
  }

  private static <T> T require(Optional<T> value, String key) {
    return value.orElseThrow(() -> new IllegalStateException(key + " is not set"));
  }
}
