package dev.slipway.registry.artifact;

import dev.slipway.common.store.ObjectStore.Written;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The rows behind stored bytes. Each method that begins or ends an upload is a short transaction of its own. */
@ApplicationScoped
class BlobRows {
  private final EntityManager database;
  private final Clock clock;

  BlobRows(EntityManager database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void begin(UUID id, String objectKey) {
    database
        .createNativeQuery(
            "insert into upload (id, object_key, started_at, heartbeat) values (:id, :key, :now, :now)")
        .setParameter("id", id)
        .setParameter("key", objectKey)
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void heartbeat(UUID id) {
    database
        .createNativeQuery("update upload set heartbeat = :now where id = :id")
        .setParameter("id", id)
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  /**
   * Makes the written object the blob of its digest, in the caller's transaction; where the digest is there already, the new
   * object is garbage at once. Locks the blob's row, so that no collection takes it before the caller refers to it.
   *
   * @return false when the upload's row is gone: it took too long and was collected
   */
  @Transactional(Transactional.TxType.MANDATORY)
  boolean adopt(UUID upload, Written written) {
    if (database
            .createNativeQuery("delete from upload where id = :id")
            .setParameter("id", upload)
            .executeUpdate()
        == 0) {
      return false;
    }
    Instant now = clock.instant();
    String kept = (String) database
        .createNativeQuery(
            "insert into blob (digest, object_key, size, created_at) values (:digest, :key, :size, :now)"
                + " on conflict (digest) do update set size = blob.size returning object_key",
            String.class)
        .setParameter("digest", written.digest().value())
        .setParameter("key", written.key())
        .setParameter("size", written.size())
        .setParameter("now", now)
        .getSingleResult();
    if (!kept.equals(written.key())) {
      garbage(written.key(), now);
    }
    return true;
  }

  /** Remembers which file an upload became, in the caller's transaction. */
  @Transactional(Transactional.TxType.MANDATORY)
  void finish(UUID upload, String path) {
    database
        .createNativeQuery(
            "insert into finished_upload (id, path, finished_at) values (:id, :path, :now)")
        .setParameter("id", upload)
        .setParameter("path", path)
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  /** Whether the upload is remembered to have become the file at {@code path}. */
  @Transactional
  boolean isFinished(UUID upload, String path) {
    return !database
        .createNativeQuery(
            "select 1 from finished_upload where id = :id and path = :path", Integer.class)
        .setParameter("id", upload)
        .setParameter("path", path)
        .getResultList()
        .isEmpty();
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void forgetFinished(Instant before) {
    database
        .createNativeQuery("delete from finished_upload where finished_at < :before")
        .setParameter("before", before)
        .executeUpdate();
  }

  /**
   * An upload that came to nothing: its object, if there is one, is due now. Also when the upload's row is gone, because the
   * collector gave it up and found no object yet; not when the object is a blob after all, its commit's answer having been lost.
   */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void abandon(UUID upload, String objectKey) {
    database
        .createNativeQuery("delete from upload where id = :id")
        .setParameter("id", upload)
        .executeUpdate();
    database
        .createNativeQuery(
            "insert into blob_garbage (object_key, due_at) select :key, :due"
                + " where not exists (select 1 from blob where object_key = :key) on conflict do nothing")
        .setParameter("key", objectKey)
        .setParameter("due", clock.instant())
        .executeUpdate();
  }

  /** Uploads without a sign of life since {@code before} become garbage, due now. Answers how many. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  int abandonSilent(Instant before, Instant now) {
    return database
        .createNativeQuery(
            "with gone as (delete from upload where heartbeat < :before returning object_key)"
                + " insert into blob_garbage (object_key, due_at) select object_key, :now from gone on conflict do nothing")
        .setParameter("before", before)
        .setParameter("now", now)
        .executeUpdate();
  }

  /**
   * Blob rows older than {@code before} that nothing refers to go; their objects are due at {@code due}. The foreign key has the
   * last word: a row that is referred to meanwhile makes this fail as a whole, and the next run tries again.
   */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  int dropUnreferenced(Instant before, Instant due) {
    return database
        .createNativeQuery("with unused as (select digest from blob b where created_at < :before"
            + " and not exists (select 1 from artifact a where a.digest = b.digest) for update skip locked),"
            + " gone as (delete from blob using unused where blob.digest = unused.digest returning object_key)"
            + " insert into blob_garbage (object_key, due_at) select object_key, :due from gone")
        .setParameter("before", before)
        .setParameter("due", due)
        .executeUpdate();
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  List<String> due(Instant now, int limit) {
    List<String> keys = new ArrayList<>();
    for (Object key : database
        .createNativeQuery(
            "select object_key from blob_garbage where due_at <= :now order by due_at limit :limit",
            String.class)
        .setParameter("now", now)
        .setParameter("limit", limit)
        .getResultList()) {
      keys.add((String) key);
    }
    return keys;
  }

  @Transactional(Transactional.TxType.REQUIRES_NEW)
  void collected(String objectKey) {
    database
        .createNativeQuery("delete from blob_garbage where object_key = :key")
        .setParameter("key", objectKey)
        .executeUpdate();
  }

  private void garbage(String objectKey, Instant due) {
    database
        .createNativeQuery(
            "insert into blob_garbage (object_key, due_at) values (:key, :due) on conflict do nothing")
        .setParameter("key", objectKey)
        .setParameter("due", due)
        .executeUpdate();
  }
}
