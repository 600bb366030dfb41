package dev.slipway.registry.external;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.artifact.Folders;
import dev.slipway.registry.artifact.Owner;
import dev.slipway.registry.external.ExternalBuckets.Place;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Status;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.problem.RegistryException.Unavailable;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/** Starts and watches copies of the files that a version's {@code s3://} source names. */
@ApplicationScoped
public class Copies {
  private static final int MAX_RUNNING = 4;

  private final Versions versions;
  private final LivePointers pointers;
  private final ExternalBuckets buckets;
  private final CopyStore store;
  private final Folders folders;
  private final CopyRun run;
  private final TransactionSynchronizationRegistry transaction;

  Copies(
      Versions versions,
      LivePointers pointers,
      ExternalBuckets buckets,
      CopyStore store,
      Folders folders,
      CopyRun run,
      TransactionSynchronizationRegistry transaction) {
    this.versions = versions;
    this.pointers = pointers;
    this.buckets = buckets;
    this.store = store;
    this.folders = folders;
    this.run = run;
    this.transaction = transaction;
  }

  /** Whether a copy of this version's files would mean anything: they are in a bucket, and not here. */
  public static boolean makesSense(VersionView version) {
    return version.digest() == null
        && version.status() != Status.FAILED_REGISTRATION
        && ExternalBuckets.isOfBucket(version.source());
  }

  /** Why the caller cannot have the files copied, in words; empty when it can. */
  public Optional<String> obstacle(Caller caller, VersionView version) {
    if (caller.isAnonymous()) {
      return Optional.of("files are copied by name: say who you are");
    }
    try {
      buckets.place(version.source());
      return Optional.empty();
    } catch (Conflict closed) {
      return Optional.of(closed.getMessage());
    }
  }

  /**
   * Starts the copy once the transaction commits. Where one runs, or has been made, it is answered and nothing is started. A version
   * that waits for its files gets these, and is complete with them.
   *
   * @throws Forbidden when the caller has no name
   * @throws Conflict when the version has files of its own, its registration failed, or its source cannot be copied; the message says
   *     why
   * @throws Unavailable while as many copies run as may
   */
  @Transactional
  public Copy start(Caller caller, String model, int number) {
    pointers.lock(model);
    VersionView version = versions.get(model, number);
    Optional<Copy> before = store.find(version.id());
    if (version.digest() != null && before.isPresent()) {
      return before.get();
    }
    if (caller.isAnonymous()) {
      throw new Forbidden("name-needed", "files are copied by name: say who you are");
    }
    requireWithoutFiles(version);
    Place place = buckets.place(version.source());
    UUID attempt = UUID.randomUUID();
    if (store.begin(version.id(), attempt, caller.name())) {
      // This one is counted already.
      if (store.running() > MAX_RUNNING) {
        throw new Unavailable(
            MAX_RUNNING + " copies are running already: start this one when one has ended", null);
      }
      afterCommit(() -> Thread.ofVirtual()
          .name("slipway-copy-" + version.id())
          .start(() -> run.copy(caller, version, place, attempt)));
    }
    return get(version);
  }

  private void requireWithoutFiles(VersionView version) {
    if (version.digest() != null) {
      throw refused(version, "version-complete", "has its files here already");
    }
    if (version.status() == Status.FAILED_REGISTRATION) {
      throw refused(version, "version-failed", "could not be registered: register its source anew");
    }
    if (!folders.list(Owner.version(version.id()), "", 1).isEmpty()) {
      throw refused(
          version,
          "version-pending",
          "has files that were uploaded: complete it with those, or delete them and copy");
    }
  }

  private static Conflict refused(VersionView version, String slug, String why) {
    var refusal =
        new Conflict(slug, "version " + version.number() + " of '" + version.model() + "' " + why);
    refusal.with("model", version.model()).with("version", version.number());
    return refusal;
  }

  private void afterCommit(Runnable action) {
    transaction.registerInterposedSynchronization(new Synchronization() {
      @Override
      public void beforeCompletion() {}

      @Override
      public void afterCompletion(int status) {
        if (status == jakarta.transaction.Status.STATUS_COMMITTED) {
          action.run();
        }
      }
    });
  }

  /** @throws NotFound when the version was never copied */
  @Transactional
  public Copy get(String model, int number) {
    return get(versions.get(model, number));
  }

  private Copy get(VersionView version) {
    return find(version)
        .orElseThrow(() -> new NotFound(
                "copy-not-found",
                "version " + version.number() + " of '" + version.model() + "' was never copied")
            .with("model", version.model())
            .with("version", version.number()));
  }

  @Transactional
  public Optional<Copy> find(VersionView version) {
    return store.find(version.id());
  }

  /** Tidies up behind processes that died. */
  @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  @Transactional
  void sweep() {
    store.endSilent().forEach(run::forget);
  }
}
