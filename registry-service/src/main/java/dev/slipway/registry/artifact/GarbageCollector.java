package dev.slipway.registry.artifact;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStoreException;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;

/**
 * Collects what nobody refers to: silent uploads after six hours, blob rows without a reference, and at last the objects. Safe
 * against a live registry and against another one doing the same.
 */
@ApplicationScoped
public class GarbageCollector {
  private static final Logger LOG = Logger.getLogger(GarbageCollector.class);
  /** How long an upload may be silent. */
  static final Duration SILENCE = Duration.ofHours(6);
  /** A blob this young may be on its way into a folder. */
  private static final Duration YOUNG = Duration.ofHours(1);

  /**
   * How long an object outlives its row, longer than any read that began before; and how long a finished upload is remembered.
   */
  private static final Duration GRACE = Duration.ofHours(24);

  private static final int BATCH = 500;

  private final BlobRows rows;
  private final ObjectStore store;
  private final Clock clock;

  GarbageCollector(BlobRows rows, ObjectStore store, Clock clock) {
    this.rows = rows;
    this.store = store;
    this.clock = clock;
  }

  /** What one run did. */
  public record Collected(int uploads, int blobs, int objects) {}

  @Scheduled(
      every = "${slipway.gc.every:10m}",
      delayed = "${slipway.gc.delay:1m}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void scheduled() {
    Collected collected = collect();
    if (collected.uploads() + collected.blobs() + collected.objects() > 0) {
      LOG.infof(
          "collected %d silent uploads, %d unreferenced blobs, %d objects",
          collected.uploads(), collected.blobs(), collected.objects());
    }
  }

  private int dropUnreferenced(Instant now) {
    try {
      return rows.dropUnreferenced(now.minus(YOUNG), now.plus(GRACE));
    } catch (ConstraintViolationException referredToMeanwhile) {
      LOG.info(
          "a blob was referred to while it was being collected; unreferenced blobs are left for the next run");
      return 0;
    }
  }

  public Collected collect() {
    Instant now = clock.instant();
    int uploads = rows.abandonSilent(now.minus(SILENCE), now);
    rows.forgetFinished(now.minus(GRACE));
    int blobs = dropUnreferenced(now);
    int objects = 0;
    for (List<String> due = rows.due(now, BATCH); !due.isEmpty(); due = rows.due(now, BATCH)) {
      for (String key : due) {
        try {
          store.delete(key);
        } catch (ObjectStoreException.Unreachable away) {
          LOG.warnf("garbage is left for later: %s", away.getMessage());
          return new Collected(uploads, blobs, objects);
        }
        rows.collected(key);
        objects++;
      }
    }
    return new Collected(uploads, blobs, objects);
  }
}
