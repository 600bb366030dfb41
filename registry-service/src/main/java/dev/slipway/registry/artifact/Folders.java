package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.registry.problem.RegistryException.Conflict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of (path, digest, size): what a version or a part of the tree is made of. Rows only; no bytes move here. */
@ApplicationScoped
@Transactional
public class Folders {
  private static final String SELECT =
      "select a.path, a.size, a.digest, b.object_key from artifact a join blob b on b.digest = a.digest"
          + " where a.owner_kind = :kind and a.owner_id = :id";

  private final EntityManager database;
  private final Clock clock;

  Folders(EntityManager database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  public Optional<StoredFile> find(Owner owner, ArtifactPath path) {
    return select(SELECT + " and a.path = :path", owner, "path", path.value()).stream()
        .findFirst();
  }

  /** All files of a version in path order. */
  public List<StoredFile> list(Owner owner) {
    return select(SELECT + " order by a.path", owner, null, null);
  }

  /** At most {@code size} files in path order, after {@code after}; "" for the first ones. */
  public List<StoredFile> list(Owner owner, String after, int size) {
    return select(SELECT + " and a.path > :after order by a.path", owner, "after", after, size);
  }

  /** All files under {@code folder} ("" for all), in path order. */
  public List<StoredFile> listUnder(Owner owner, String folder) {
    return folder.isEmpty()
        ? list(owner)
        : select(
            SELECT + " and starts_with(a.path, :prefix) order by a.path",
            owner,
            "prefix",
            folder + "/");
  }

  /** Puts the file at its path, in place of what was there. Refused when one of the two would be a file and a folder. */
  public void put(Owner owner, ArtifactPath path, Digest digest, long size) {
    for (int slash = path.value().indexOf('/');
        slash > 0;
        slash = path.value().indexOf('/', slash + 1)) {
      refuseIfFile(owner, path.value().substring(0, slash));
    }
    if (!listUnder(owner, path.value()).isEmpty()) {
      throw new Conflict("path-is-folder", "'" + path + "' is a folder already")
          .with("path", path.value());
    }
    database
        .createNativeQuery(
            "insert into artifact (owner_kind, owner_id, path, digest, size, created_at)"
                + " values (:kind, :id, :path, :digest, :size, :now)"
                + " on conflict (owner_kind, owner_id, path)"
                + " do update set digest = excluded.digest, size = excluded.size, created_at = excluded.created_at")
        .setParameter("kind", owner.kind().label())
        .setParameter("id", owner.id())
        .setParameter("path", path.value())
        .setParameter("digest", digest.value())
        .setParameter("size", size)
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  private void refuseIfFile(Owner owner, String folder) {
    if (find(owner, new ArtifactPath(folder)).isPresent()) {
      throw new Conflict("path-is-file", "'" + folder + "' is a file, and cannot be a folder")
          .with("path", folder);
    }
  }

  /** Whether there was such a file. */
  public boolean delete(Owner owner, ArtifactPath path) {
    return database
            .createNativeQuery(
                "delete from artifact where owner_kind = :kind and owner_id = :id and path = :path")
            .setParameter("kind", owner.kind().label())
            .setParameter("id", owner.id())
            .setParameter("path", path.value())
            .executeUpdate()
        > 0;
  }

  /** Forgets every file under {@code folder} ("" for all), and answers how many there were. */
  public int deleteUnder(Owner owner, String folder) {
    return database
        .createNativeQuery("delete from artifact where owner_kind = :kind and owner_id = :id"
            + " and (:folder = '' or starts_with(path, :folder || '/'))")
        .setParameter("kind", owner.kind().label())
        .setParameter("id", owner.id())
        .setParameter("folder", folder)
        .executeUpdate();
  }

  /**
   * Gives {@code target} the files of {@code source} under {@code folder}, by rows: no bytes move. Answers how many.
   */
  public int copy(Owner source, String folder, Owner target) {
    return database
        .createNativeQuery(
            "insert into artifact (owner_kind, owner_id, path, digest, size, created_at)"
                + " select :toKind, :toId, case when :folder = '' then path else substr(path, length(:folder) + 2) end,"
                + " digest, size, :now from artifact"
                + " where owner_kind = :kind and owner_id = :id and (:folder = '' or starts_with(path, :folder || '/'))")
        .setParameter("toKind", target.kind().label())
        .setParameter("toId", target.id())
        .setParameter("folder", folder)
        .setParameter("now", clock.instant())
        .setParameter("kind", source.kind().label())
        .setParameter("id", source.id())
        .executeUpdate();
  }

  /** The manifest of a version's files. */
  static Manifest manifest(List<StoredFile> files) {
    return new Manifest(files.stream()
        .map(file -> new Manifest.Entry(file.path(), file.size(), file.digest()))
        .toList());
  }

  private List<StoredFile> select(String sql, Owner owner, String name, String value) {
    return select(sql, owner, name, value, Integer.MAX_VALUE);
  }

  private List<StoredFile> select(String sql, Owner owner, String name, String value, int most) {
    var query = database
        .createNativeQuery(sql, Tuple.class)
        .setMaxResults(most)
        .setParameter("kind", owner.kind().label())
        .setParameter("id", owner.id());
    if (name != null) {
      query.setParameter(name, value);
    }
    List<StoredFile> files = new ArrayList<>();
    for (Object row : query.getResultList()) {
      var tuple = (Tuple) row;
      files.add(new StoredFile(
          new ArtifactPath(tuple.get(0, String.class)),
          tuple.get(1, Number.class).longValue(),
          new Digest(tuple.get(2, String.class)),
          tuple.get(3, String.class)));
    }
    return files;
  }
}
