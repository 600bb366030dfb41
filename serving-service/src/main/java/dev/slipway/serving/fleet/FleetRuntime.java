package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.config.RegistryConfig;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.disk.DataDirectory;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.ReplicaIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** Puts the fleet together, starts it with the process and stops it with the process. */
@Singleton
class FleetRuntime {
  private final RegistryConfig registryConfig;
  private final ReplicaIdentity identity;
  private final ArtifactCache cache;
  private final Clock clock;
  private final long budgetBytes;
  private final Selector selector;
  private final Optional<FeedFile.Saved> saved;
  private final RegistryContact contact;
  private final Router router;
  private final Loader loader;
  private final FleetLoop loop;
  private final FeedFollower follower;
  private final Reporter reporter;
  private final FleetDoctor doctor;
  private final FleetMetrics metrics;
  private final Fleet fleet;

  FleetRuntime(
      ServingConfig config,
      RegistryConfig registryConfig,
      ReplicaIdentity identity,
      DataDirectory directory,
      RegistryClient registry,
      ArtifactCache cache,
      Engines engines,
      MeterRegistry meters,
      Clock clock) {
    this.registryConfig = registryConfig;
    this.identity = identity;
    this.cache = cache;
    this.clock = clock;
    this.budgetBytes = FleetSettings.budgetBytes(config);
    this.selector = FleetSettings.selector(config);
    FeedFile file = new FeedFile(directory.feedFile());
    this.saved = file.load();
    this.contact = new RegistryContact(
        config.staleAfter(), saved.map(FeedFile.Saved::heardAt).orElse(identity.startedAt()));
    this.router = new Router(contact, clock);
    this.loader = new Loader(cache, engines);
    this.loop = new FleetLoop(clock);
    this.reporter = new Reporter(registry, this::report, contact, clock);
    this.follower = new FeedFollower(registry, loop, file, selector, contact, reporter::now, clock);
    this.doctor = new FleetDoctor(loop, follower::everFed, contact, config.maxStaleness(), clock);
    this.metrics = new FleetMetrics(meters, reporter::now);
    this.fleet = new Fleet(
        new FleetManager(config.loads().concurrency(), budgetBytes),
        FleetSettings.estimate(config),
        loader,
        cache,
        router,
        metrics,
        loop,
        clock);
    FleetMetrics.observe(meters, loop::snapshot, cache, contact, clock);
  }

  void start(@Observes StartupEvent starting) {
    loop.start(fleet, metrics);
    follower.start(saved);
    reporter.start();
  }

  /** Requests that still run keep their models; the rest is closed. */
  void stop(@Observes ShutdownEvent stopping) {
    follower.close();
    reporter.close();
    loop.follow(DesiredState.none()).join();
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

  /** The position is read first: a report never claims a feed that its states do not know of yet. */
  private ReplicaReport report() {
    FeedFollower.Position inForce = follower.inForce();
    return new ReplicaReport(
        identity.id(),
        identity.url(),
        identity.startedAt(),
        clock.instant(),
        inForce.epoch(),
        inForce.revision(),
        selector,
        FleetReport.of(loop.snapshot()));
  }

  FleetView view() {
    FeedFollower.Position inForce = follower.inForce();
    Optional<String> notReady = doctor.notReady();
    FleetSnapshot snapshot = loop.snapshot();
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
            follower.everFed() ? contact.lastHeard() : null,
            contact.staleSince(clock.instant()).orElse(null),
            contact.trouble().orElse(null)),
        selector,
        FleetModels.of(snapshot, router.table()),
        new FleetView.Memory(FleetModels.loadedBytes(snapshot), budgetBytes),
        cache.use());
  }
}
