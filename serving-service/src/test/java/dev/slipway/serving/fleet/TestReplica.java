package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.cache.LateStore;
import dev.slipway.serving.config.RegistryConfig;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.disk.DataDirectory;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.ReplicaIdentity;
import dev.slipway.serving.testing.EchoEngine;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.TestConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A whole replica but for its HTTP side: real threads, disk, HTTP to the registry, and the echo engine. */
final class TestReplica implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(15);

  final EchoEngine engine;
  /** What a version that nobody has tried is found to be. */
  final AtomicReference<String> objection = new AtomicReference<>();

  /** The names of threads which meet an error of the virtual machine when they next ask for the time. */
  final Set<String> unlucky = ConcurrentHashMap.newKeySet();

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DataDirectory directory;
  private final RegistryClient registry;
  private final FleetRuntime runtime;

  TestReplica(FakeRegistry registry, Path bucket, Path data) throws IOException {
    this(registry, bucket, data, new EchoEngine(), Map.of());
  }

  TestReplica(
      FakeRegistry registry, Path bucket, Path data, EchoEngine engine, Map<String, String> keys)
      throws IOException {
    this.engine = engine;
    Map<String, String> all = new HashMap<>(keys);
    all.put("slipway.registry.url", registry.url().toString());
    var config = TestConfigs.of(all);
    var serving = config.getConfigMapping(ServingConfig.class);
    this.directory = DataDirectory.take(data);
    this.registry = new RegistryClient(registry.url(), FakeRegistry.TOKEN);
    var store = new LateStore(() -> ObjectStores.open(new StoreSettings.Directory(bucket, false)));
    var cache = new ArtifactCache(
        directory.cache(),
        this.registry::manifest,
        store,
        serving.cache().maxSize().asLongValue(),
        Clock.systemUTC());
    this.runtime = new FleetRuntime(
        serving,
        config.getConfigMapping(RegistryConfig.class),
        new ReplicaIdentity(
            directory.replicaId(), "http://127.0.0.1:1", Clock.systemUTC().instant()),
        directory,
        this.registry,
        cache,
        new Engines(List.of(engine)),
        (files, bytes) -> Optional.ofNullable(objection.get()),
        meters,
        new UnluckyClock());
    runtime.start(null);
  }

  private final class UnluckyClock extends Clock {
    @Override
    public Instant instant() {
      if (unlucky.remove(Thread.currentThread().getName())) {
        throw new StackOverflowError("made up");
      }
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  Servables servables() {
    return runtime.servables();
  }

  FleetHealth health() {
    return runtime.health();
  }

  FleetView view() {
    return runtime.view();
  }

  FleetView.Version version(String model, int version) {
    return view().models().stream()
        .filter(each -> each.name().equals(model))
        .flatMap(each -> each.versions().stream())
        .filter(each -> each.version() == version)
        .findFirst()
        .orElse(null);
  }

  void awaitState(String model, int version, ReplicaReport.State state) {
    Awaitility.await(model + "/" + version + " " + state)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          FleetView.Version found = version(model, version);
          return found != null
              && found.state() == state
              && (state != ReplicaReport.State.READY
                  || found.roles().stream().noneMatch("live"::equalsIgnoreCase)
                  || answers(model));
        });
  }

  /** A version is seen to be READY a moment before the model's route leads to it. */
  private boolean answers(String model) {
    try (ServableHandle handle = servables().acquire(model, VersionSelector.Live.ANY)) {
      return handle.version() > 0;
    } catch (NotServedException notYet) {
      return false;
    }
  }

  void awaitRevision(long revision) {
    Awaitility.await("revision " + revision)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> view().registry().revision() == revision);
  }

  /** What the version that answers says. */
  String ask(String model, VersionSelector selector) throws NotServedException {
    try (ServableHandle handle = servables().acquire(model, selector)) {
      return (String) handle.loaded().metadata().get("content");
    }
  }

  @Override
  public void close() throws IOException {
    runtime.stop(null);
    registry.close();
    directory.close();
  }
}
