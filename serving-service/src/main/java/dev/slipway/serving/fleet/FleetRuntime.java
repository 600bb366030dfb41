package dev.slipway.serving.fleet;

import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.config.RegistryConfig;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.disk.DataDirectory;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.FirstTry;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.ReplicaIdentity;
import dev.slipway.serving.sample.SampleRing;
import dev.slipway.serving.sample.Sampler;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Puts the fleet together, starts it with the process and stops it with the process. */
@Singleton
class FleetRuntime {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final RegistryConfig registryConfig;
  private final ReplicaIdentity identity;
  private final ArtifactCache cache;
  private final Clock clock;
  private final long budgetBytes;
  private final FleetLoop loop;
  private final RegistryLink link;
  private final Mirror mirror = new Mirror();
  private final Sampler sampler;
  private final Router router;
  private final Loader loader;
  private final FleetMetrics metrics;
  private final Fleet fleet;
  private final FleetDoctor doctor;

  FleetRuntime(
      ServingConfig config,
      RegistryConfig registryConfig,
      ReplicaIdentity identity,
      DataDirectory directory,
      RegistryClient registry,
      ArtifactCache cache,
      Engines engines,
      FirstTry firstTry,
      MeterRegistry meters,
      Clock clock) {
    this.registryConfig = registryConfig;
    this.identity = identity;
    this.cache = cache;
    this.clock = clock;
    this.budgetBytes = FleetSettings.budgetBytes(config);
    this.loop = new FleetLoop(clock);
    this.sampler = new Sampler(SampleRing.in(directory.root()));
    this.link =
        new RegistryLink(config, identity, directory, registry, loop, sampler::holdsSome, clock);
    this.router = new Router(link.contact(), mirror, sampler, clock);
    this.loader = new Loader(cache, engines, firstTry);
    this.metrics = new FleetMetrics(meters, link::news);
    var manager = new FleetManager(config.loads().concurrency(), budgetBytes);
    this.fleet = new Fleet(
        manager, FleetSettings.memoryOfFiles(config), loader, cache, router, metrics, loop, clock);
    this.doctor =
        new FleetDoctor(loop, link::everFed, link.contact(), config.maxStaleness(), clock);
    FleetMetrics.observe(meters, loop::snapshot, cache, link.contact(), clock);
  }

  void start(@Observes StartupEvent starting) {
    loop.start(fleet, metrics);
    link.start();
    mirror.start();
    sampler.start();
  }

  /** Quarkus has let running requests end by now; what still holds a model goes with the process. */
  void stop(@Observes ShutdownEvent stopping) {
    link.close();
    mirror.close();
    sampler.close();
    loop.empty(CLOSING);
    loop.close();
    loader.close();
  }

  @Produces
  @Singleton
  Servables servables() {
    return router;
  }

  @Produces
  @Singleton
  FleetHealth health() {
    return doctor;
  }

  FleetView view() {
    FeedFollower.Position inForce = link.inForce();
    Optional<String> notReady = doctor.notReady();
    FleetSnapshot snapshot = loop.snapshot();
    RegistryContact contact = link.contact();
    return new FleetView(
        identity.id(),
        identity.url(),
        notReady.isEmpty(),
        notReady.orElse(null),
        identity.startedAt(),
        new FleetView.Registry(
            registryConfig.url(),
            inForce.epoch(),
            inForce.revision(),
            link.everFed() ? contact.lastHeard() : null,
            contact.staleSince(clock.instant()).orElse(null),
            contact.trouble().orElse(null)),
        link.selector(),
        FleetModels.of(snapshot, router.table()),
        new FleetView.Memory(FleetModels.loadedBytes(snapshot), budgetBytes),
        cache.use());
  }
}
