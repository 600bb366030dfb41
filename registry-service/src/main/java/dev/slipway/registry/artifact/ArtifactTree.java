package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one tree of files that runs, logged models and everybody else put theirs into: MLflow's {@code mlflow-artifacts:} scheme. A
 * folder is there as long as a file is below it; it need not belong to anything.
 */
@ApplicationScoped
public class ArtifactTree {
  private static final String SCHEME = "mlflow-artifacts";
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";

  private final EntityManager database;
  private final Folders folders;
  private final Uploads uploads;
  private final ObjectStore store;

  ArtifactTree(EntityManager database, Folders folders, Uploads uploads, ObjectStore store) {
    this.database = database;
    this.folders = folders;
    this.uploads = uploads;
    this.store = store;
  }

  /** What stands in a folder. {@code size} is in bytes; 0 for a folder. */
  public record Entry(String name, boolean isFolder, long size) {}

  /**
   * The path in the tree that a URI means: {@code mlflow-artifacts:/path}, with or without a host, or the proxy's own HTTP address.
   * Empty for any other URI: those bytes are not here.
   */
  public static Optional<String> pathOf(String uri) {
    URI parsed;
    try {
      parsed = URI.create(uri);
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
    String scheme = parsed.getScheme();
    String path = parsed.getPath();
    if (scheme == null || path == null) {
      return Optional.empty();
    }
    if (scheme.equals(SCHEME)) {
      return Optional.of(stripped(path));
    }
    int proxied = scheme.equals("http") || scheme.equals("https") ? path.indexOf(PROXY) : -1;
    return proxied < 0
        ? Optional.empty()
        : Optional.of(stripped(path.substring(proxied + PROXY.length())));
  }

  /** The entries of {@code folder} ("" for the root) by name; none when there is no such folder. */
  public List<Entry> children(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + '/';
    var query = database
        .createNativeQuery(
            "select name, bool_or(nested), sum(case when nested then 0 else size end) from"
                + " (select split_part(rest, '/', 1) as name, position('/' in rest) > 0 as nested, size from"
                + " (select substr(path, length(:prefix) + 1) as rest, size from artifact"
                + " where owner_kind = :kind and owner_id = :id and starts_with(path, :prefix)) as inside) as parts"
                + " group by name order by name",
            Tuple.class)
        .setParameter("prefix", prefix)
        .setParameter("kind", Owner.TREE.kind().label())
        .setParameter("id", Owner.TREE.id());
    List<Entry> entries = new ArrayList<>();
    for (Object row : query.getResultList()) {
      entries.add(entry(row));
    }
    return entries;
  }

  private static Entry entry(Object row) {
    var columns = (Tuple) row;
    return new Entry(
        columns.get(0, String.class),
        columns.get(1, Boolean.class),
        columns.get(2, Number.class).longValue());
  }

  public Optional<StoredFile> find(ArtifactPath path) {
    return folders.find(Owner.TREE, path);
  }

  /** Opens a file from {@code offset} for at most {@code length} bytes. The caller closes it. */
  public InputStream open(StoredFile file, long offset, long length) {
    return store.get(file.objectKey(), offset, length);
  }

  /** Streams a body into a file, in place of what was there. Must be called without a transaction. */
  public StoredFile put(ArtifactPath path, InputStream body) {
    return uploads.store(Owner.TREE, path, body, null, owner -> {});
  }

  /** Deletes a file, or a folder with all below it; what is not there is no error. */
  public void delete(ArtifactPath path) {
    if (!folders.delete(Owner.TREE, path)) {
      folders.deleteUnder(Owner.TREE, path.value());
    }
  }

  private static String stripped(String path) {
    return path.replaceAll("^/+|/+$", "");
  }
}
