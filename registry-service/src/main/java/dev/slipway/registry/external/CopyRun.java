package dev.slipway.registry.external;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.artifact.Folders;
import dev.slipway.registry.artifact.Owner;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.artifact.StoredFile;
import dev.slipway.registry.artifact.Uploads;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.external.ExternalBuckets.Found;
import dev.slipway.registry.external.ExternalBuckets.Place;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.FeedRelevantChange;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * One copy: every file goes the way of an upload into a folder that nobody sees, and one transaction at the end makes that folder the
 * version's snapshot. A copy that fails leaves the version as it was.
 */
@ApplicationScoped
class CopyRun {
  private static final Logger LOG = Logger.getLogger(CopyRun.class);

  private final ExternalBuckets buckets;
  private final CopyStore store;
  private final Uploads uploads;
  private final Folders folders;
  private final Snapshots snapshots;
  private final Registrations registrations;
  private final AuditLog audit;
  private final Event<FeedRelevantChange> feedChanges;

  CopyRun(
      ExternalBuckets buckets,
      CopyStore store,
      Uploads uploads,
      Folders folders,
      Snapshots snapshots,
      Registrations registrations,
      AuditLog audit,
      Event<FeedRelevantChange> feedChanges) {
    this.buckets = buckets;
    this.store = store;
    this.uploads = uploads;
    this.folders = folders;
    this.snapshots = snapshots;
    this.registrations = registrations;
    this.audit = audit;
    this.feedChanges = feedChanges;
  }

  /** Runs to its end, and says in the attempt's row how it went. Must be called without a transaction. */
  void copy(Caller actor, VersionView version, Place place, UUID attempt) {
    try {
      forget(version.id());
      List<Found> files = buckets.files(place);
      long bytes = files.stream().mapToLong(file -> file.item().size()).sum();
      store.measure(attempt, files.size(), bytes);
      CopyProgress progress = new CopyProgress(store, attempt);
      for (Found file : files) {
        copy(version.id(), place, file, progress);
      }
      QuarkusTransaction.requiringNew().run(() -> finish(actor, version, attempt, files.size()));
    } catch (CopyProgress.Lost lost) {
      // The version is gone, or another attempt has taken over: what is in the folder is not ours.
      LOG.infof("a copy of version %d of '%s' was given up", version.number(), version.model());
    } catch (RuntimeException failure) {
      fail(version, attempt, failure);
    }
  }

  private void copy(long version, Place place, Found file, CopyProgress progress) {
    ArtifactPath path = file.path();
    try (InputStream content = buckets.open(place, file)) {
      StoredFile stored = uploads.store(
          copyOf(version), path, progress.counting(content), null, owner -> progress.beat());
      if (stored.size() != file.item().size()) {
        throw new ObjectStoreException.Mismatch(
            path.value(),
            "'" + file.item().key() + "' came with " + stored.size()
                + " bytes, and was listed with " + file.item().size());
      }
      progress.fileDone();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private void finish(Caller actor, VersionView version, UUID attempt, int files) {
    snapshots.completeFromCopy(actor, version, copyOf(version.id()));
    registrations.filesAreHere(version.id());
    if (!store.end(attempt, Copy.State.DONE, null)) {
      throw new CopyProgress.Lost();
    }
    audit.append(
        actor,
        "version.copy",
        "model/" + version.model() + "/version/" + version.number(),
        null,
        Map.of("source", version.source()),
        Map.of("files", files));
    feedChanges.fire(new FeedRelevantChange(version.model()));
  }

  private void fail(VersionView version, UUID attempt, RuntimeException failure) {
    LOG.warnf(
        "version %d of '%s' could not be copied: %s",
        version.number(), version.model(), failure.getMessage());
    QuarkusTransaction.requiringNew().run(() -> {
      if (store.end(attempt, Copy.State.FAILED, words(failure))) {
        forget(version.id());
      }
    });
  }

  private static String words(RuntimeException failure) {
    return switch (failure) {
      case RegistryException known -> known.getMessage();
      case ObjectStoreException known -> known.getMessage();
      default -> "the registry failed; its log says more";
    };
  }

  /** Lets go of what an attempt brought. */
  @Transactional
  void forget(long version) {
    folders.deleteUnder(copyOf(version), "");
  }

  private static Owner copyOf(long version) {
    return new Owner(Owner.Kind.COPY, version);
  }
}
