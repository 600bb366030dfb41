package dev.slipway.common.artifact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * The snapshot of a version: every file with its size and SHA-256, ordered by path (UTF-16 code units). It never changes; its
 * digest is the version's digest.
 *
 * @throws IllegalArgumentException when empty, when a path stands twice, or when one file's path is a folder of another's
 */
public record Manifest(List<Entry> files) {

  /** One file. {@code size} is in bytes. */
  public record Entry(ArtifactPath path, long size, Digest digest) {
    public Entry {
      if (size < 0) {
        throw new IllegalArgumentException("the size of '" + path + "' is negative");
      }
    }
  }

  public Manifest {
    if (files == null || files.isEmpty()) {
      throw new IllegalArgumentException("a version has at least one file");
    }
    files = files.stream().sorted(Comparator.comparing(Entry::path)).toList();
    var paths = new java.util.HashSet<String>();
    for (Entry entry : files) {
      if (!paths.add(entry.path().value())) {
        throw new IllegalArgumentException("the path '" + entry.path() + "' stands twice");
      }
    }
    for (Entry entry : files) {
      String path = entry.path().value();
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (paths.contains(path.substring(0, slash))) {
          throw new IllegalArgumentException(
              "'" + path.substring(0, slash) + "' is both a file and a folder");
        }
      }
    }
  }

  /**
   * The digest of the canonical form: for each file in order, its digest, size and path, separated by one space and ended by
   * one line feed, in UTF-8. A path holds no line feed, so two manifests have one form only if they are equal.
   */
  public Digest digest() {
    var canonical = new StringBuilder();
    for (Entry entry : files) {
      canonical
          .append(entry.digest().value())
          .append(' ')
          .append(entry.size())
          .append(' ')
          .append(entry.path().value())
          .append('\n');
    }
    return Digest.of(canonical.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The sum of the files' sizes in bytes. */
  @JsonIgnore
  public long totalSize() {
    return files.stream().mapToLong(Entry::size).sum();
  }
}
