package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.disk.DataDirectory;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.ReplicaIdentity;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Predicate;

/** Both directions between this replica and the registry: the feed in, the reports out, and when it was last heard from. */
final class RegistryLink implements AutoCloseable {
  private final ReplicaIdentity identity;
  private final FleetLoop loop;
  private final Predicate<String> sampled;
  private final Clock clock;
  private final Selector selector;
  private final Optional<FeedFile.Saved> saved;
  private final RegistryContact contact;
  private final FeedFollower follower;
  private final Reporter reporter;

  RegistryLink(
      ServingConfig config,
      ReplicaIdentity identity,
      DataDirectory directory,
      RegistryClient registry,
      FleetLoop loop,
      Predicate<String> sampled,
      Clock clock) {
    this.identity = identity;
    this.loop = loop;
    this.sampled = sampled;
    this.clock = clock;
    this.selector = FleetSettings.selector(config);
    FeedFile file = new FeedFile(directory.feedFile());
    this.saved = file.load();
    this.contact = new RegistryContact(
        config.staleAfter(), saved.map(FeedFile.Saved::heardAt).orElse(identity.startedAt()));
    this.reporter = new Reporter(registry, this::report, contact, clock);
    this.follower = new FeedFollower(registry, loop, file, selector, contact, reporter::now, clock);
  }

  /** Begins to follow and to report. The loop must be turning. */
  void start() {
    follower.start(saved);
    reporter.start();
  }

  /** Tells the registry soon that something has changed. Never blocks. */
  void news() {
    reporter.now();
  }

  Selector selector() {
    return selector;
  }

  RegistryContact contact() {
    return contact;
  }

  /** What every new request is answered by. */
  FeedFollower.Position inForce() {
    return follower.inForce();
  }

  /** Whether any feed was ever seen, in this life or a former one. */
  boolean everFed() {
    return follower.everFed();
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
        FleetReport.of(loop.snapshot(), sampled));
  }

  @Override
  public void close() {
    follower.close();
    reporter.close();
  }
}
