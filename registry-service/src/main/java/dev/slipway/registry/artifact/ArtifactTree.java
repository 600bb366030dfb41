package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.registry.problem.RegistryException.Invalid;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one tree of files that runs, logged models and everybody else put theirs into: MLflow's {@code mlflow-artifacts:} scheme. A
 * folder is there as long as a file is below it; it need not belong to anything. Model versions' own files show in it too, to be
 * read only, below {@value #VERSIONS}.
 */
@ApplicationScoped
public class ArtifactTree {
  private static final String SCHEME = "mlflow-artifacts";
  private static final String VERSIONS = ".versions";
  private static final Pattern OF_VERSION =
      Pattern.compile(Pattern.quote(VERSIONS) + "/([0-9]{1,18})(?:/(.+))?");
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

  /** The URI by which MLflow's clients read the files of a version. */
  public static String uriOfVersion(long id) {
    return SCHEME + ":/" + VERSIONS + '/' + id;
  }

  /**
   * Says that a path may be written to.
   *
   * @throws Invalid when it is a version's: those change by registration only
   */
  public static void requireWritable(ArtifactPath path) {
    if (path.value().equals(VERSIONS) || path.value().startsWith(VERSIONS + '/')) {
      throw new Invalid(
          "path-of-version",
          "'" + path.value() + "' is a model version's: its files change by registration only");
    }
  }

  /** Whose folder a path of the tree is in, and where in that one; "" for its root. */
  private record Place(Owner owner, String path) {
    static Place of(String path) {
      Matcher version = OF_VERSION.matcher(path);
      return version.matches()
          ? new Place(
              Owner.version(Long.parseLong(version.group(1))),
              Objects.requireNonNullElse(version.group(2), ""))
          : new Place(Owner.TREE, path);
    }
  }

  /** The entries of {@code folder} ("" for the root) by name; none when there is no such folder. */
  public List<Entry> children(String folder) {
    return children(folder, "", Integer.MAX_VALUE);
  }

  /**
   * At most {@code size} of them.
   *
   * @param after the name that the page before ended with; "" for the first page
   */
  public List<Entry> children(String folder, String after, int size) {
    Place place = Place.of(folder);
    String prefix = place.path().isEmpty() ? "" : place.path() + '/';
    var query = database
        .createNativeQuery(
            "select name, bool_or(nested), sum(case when nested then 0 else size end) from"
                + " (select split_part(rest, '/', 1) as name, position('/' in rest) > 0 as nested, size from"
                + " (select substr(path, length(:prefix) + 1) as rest, size from artifact"
                + " where owner_kind = :kind and owner_id = :id and starts_with(path, :prefix)) as inside) as parts"
                + " where name > :after group by name order by name",
            Tuple.class)
        .setMaxResults(size)
        .setParameter("after", after)
        .setParameter("prefix", prefix)
        .setParameter("kind", place.owner().kind().label())
        .setParameter("id", place.owner().id());
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
    Place place = Place.of(path.value());
    return place.path().isEmpty()
        ? Optional.empty()
        : folders.find(place.owner(), new ArtifactPath(place.path()));
  }

  /** Opens a file from {@code offset} for at most {@code length} bytes. The caller closes it. */
  public InputStream open(StoredFile file, long offset, long length) {
    return store.get(file.objectKey(), offset, length);
  }

  /** Streams a body into a file, in place of what was there. Must be called without a transaction. */
  public StoredFile put(ArtifactPath path, InputStream body) {
    requireWritable(path);
    return uploads.store(Owner.TREE, path, body, null, owner -> {});
  }

  /** Deletes a file, or a folder with all below it; what is not there is no error. */
  public void delete(ArtifactPath path) {
    requireWritable(path);
    if (!folders.delete(Owner.TREE, path)) {
      folders.deleteUnder(Owner.TREE, path.value());
    }
  }

  private static String stripped(String path) {
    return path.replaceAll("^/+|/+$", "");
  }
}
