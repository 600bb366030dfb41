package dev.slipway.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.cache.LateStore;
import dev.slipway.serving.config.RegistryConfig;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.config.StoreConfig;
import dev.slipway.serving.disk.DataDirectory;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.ReplicaIdentity;
import io.quarkus.arc.DefaultBean;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the parts of the process share. */
@Singleton
class ServingSetup implements ObjectMapperCustomizer {

  @Override
  public void customize(ObjectMapper mapper) {
    WireJson.configure(mapper);
  }

  @Produces
  @Singleton
  @DefaultBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  DataDirectory dataDirectory(ServingConfig config) throws IOException {
    return DataDirectory.take(config.dataDir());
  }

  void letGo(@Disposes DataDirectory directory) throws IOException {
    directory.close();
  }

  @Produces
  @Singleton
  ReplicaIdentity identity(
      ServingConfig config,
      DataDirectory directory,
      Clock clock,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.port") int port)
      throws IOException {
    String id = config.replica().isPresent() ? config.replica().get() : directory.replicaId();
    String url = port == 0 ? null : "http://" + host + ":" + port;
    return new ReplicaIdentity(id, config.url().orElse(url), clock.instant());
  }

  @Produces
  @Singleton
  RegistryClient registry(
      RegistryConfig config,
      @ConfigProperty(name = "slipway.service-token") Optional<String> token) {
    return new RegistryClient(config.url(), token.orElse(""));
  }

  void hangUp(@Disposes RegistryClient registry) {
    registry.close();
  }

  /** Wrong settings end the start; a store that is away does not. */
  @Produces
  @Singleton
  LateStore store(StoreConfig config) {
    StoreSettings settings = config.settings();
    return new LateStore(() -> ObjectStores.open(settings));
  }

  void close(@Disposes LateStore store) {
    store.close();
  }

  @Produces
  @Singleton
  ArtifactCache cache(
      ServingConfig config,
      DataDirectory directory,
      RegistryClient registry,
      LateStore store,
      Clock clock)
      throws IOException {
    return new ArtifactCache(
        directory.cache(),
        registry::manifest,
        store,
        config.cache().maxSize().asLongValue(),
        clock);
  }
}
