package dev.slipway.registry.external;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.ForeignS3;
import dev.slipway.registry.problem.RegistryException.Conflict;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be read of other people's buckets, by the configuration's addresses and keys alone. */
@ApplicationScoped
class ExternalBuckets {
  private static final Pattern SOURCE = Pattern.compile("s3://([^/]+)/(.*)");
  private static final String KEYS = "slipway.external.s3.";

  private final ExternalConfig config;
  private ForeignS3 opened;

  ExternalBuckets(ExternalConfig config) {
    this.config = config;
  }

  /** A folder of a bucket. {@code path} has no slash at its ends. */
  record Place(String bucket, String path) {}

  /** A file to be copied, and its path in the version. */
  record Found(ArtifactPath path, ForeignS3.Item item) {}

  /** Whether the source is of a kind that can be copied, configured or not. */
  static boolean isOfBucket(String source) {
    return source != null && SOURCE.matcher(source).matches();
  }

  /**
   * Contacts nobody.
   *
   * @throws Conflict when it names no folder of a bucket, or one that the configuration does not allow; it says which keys to set
   */
  Place place(String source) {
    Matcher matcher = SOURCE.matcher(source == null ? "" : source);
    if (!matcher.matches()) {
      throw new Conflict(
          "source-not-external",
          (source == null ? "it has no source" : "its source " + source + " names no bucket")
              + ": what is copied into the registry is a folder like s3://bucket/models/churn");
    }
    requireConfigured();
    String bucket = matcher.group(1);
    if (!config.buckets().orElse(List.of()).contains(bucket)) {
      throw new Conflict(
              "external-bucket-closed",
              "the bucket '" + bucket + "' is not open to copies: an operator adds it to " + KEYS
                  + "buckets")
          .with("bucket", bucket);
    }
    String path = matcher.group(2).replaceAll("^/+|/+$", "");
    if (path.isEmpty()) {
      throw new Conflict(
          "source-not-external",
          "its source " + source + " names a whole bucket, and not one model's folder");
    }
    return new Place(bucket, path);
  }

  private void requireConfigured() {
    List<String> missing = new ArrayList<>();
    missing(missing, "url", config.url());
    missing(missing, "access-key", config.accessKey());
    missing(missing, "secret-key", config.secretKey());
    missing(missing, "buckets", config.buckets());
    if (!missing.isEmpty()) {
      throw new Conflict(
              "external-copy-off",
              "this registry reads no other buckets: an operator sets "
                  + String.join(", ", missing))
          .with("settings", missing);
    }
  }

  private static void missing(List<String> missing, String key, Optional<?> value) {
    if (value.isEmpty()) {
      missing.add(KEYS + key);
    }
  }

  /**
   * The files of the folder, or the one file of that name.
   *
   * @throws Conflict when there are none, too many or too large ones, or one whose path no version may have
   */
  List<Found> files(Place place) {
    String folder = place.path() + '/';
    List<ForeignS3.Item> items =
        client().list(place.bucket(), folder, config.maxFiles() + 1).stream()
            .filter(item -> !item.key().endsWith("/"))
            .toList();
    if (items.isEmpty()) {
      items = client().list(place.bucket(), place.path(), 1).stream()
          .filter(item -> item.key().equals(place.path()))
          .toList();
      folder = place.path().substring(0, place.path().lastIndexOf('/') + 1);
    }
    requireMeasure(place, items);
    List<Found> found = new ArrayList<>();
    for (ForeignS3.Item item : items) {
      found.add(new Found(path(item.key(), folder.length()), item));
    }
    return found;
  }

  private void requireMeasure(Place place, List<ForeignS3.Item> items) {
    String where = "s3://" + place.bucket() + '/' + place.path();
    if (items.isEmpty()) {
      throw new Conflict("source-empty", "there is nothing at " + where);
    }
    if (items.size() > config.maxFiles()) {
      throw new Conflict(
          "source-too-large",
          where + " has more than " + config.maxFiles() + " files (" + KEYS + "max-files)");
    }
    long bytes = items.stream().mapToLong(ForeignS3.Item::size).sum();
    if (bytes > config.maxBytes()) {
      throw new Conflict(
          "source-too-large",
          where + " has " + bytes + " bytes, and " + config.maxBytes() + " are allowed (" + KEYS
              + "max-bytes)");
    }
  }

  private static ArtifactPath path(String key, int from) {
    try {
      return new ArtifactPath(key.substring(from));
    } catch (IllegalArgumentException wrong) {
      throw new Conflict("source-path", "'" + key + "' cannot be copied: " + wrong.getMessage());
    }
  }

  /** The caller closes the stream. */
  InputStream open(Place place, Found file) {
    return client().open(place.bucket(), file.item());
  }

  private synchronized ForeignS3 client() {
    if (opened == null) {
      opened = new ForeignS3(
          config.url().orElseThrow(),
          config.accessKey().orElseThrow(),
          config.secretKey().orElseThrow(),
          config.region());
    }
    return opened;
  }

  @PreDestroy
  synchronized void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
