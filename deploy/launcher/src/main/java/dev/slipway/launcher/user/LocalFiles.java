package dev.slipway.launcher.user;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.launcher.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder's files, or one file, as a version's snapshot. */
record LocalFiles(Map<ArtifactPath, Path> files, Manifest manifest) {
  private static final int BUFFER = 1 << 16;

  static LocalFiles of(Path place) throws IOException {
    Map<ArtifactPath, Path> files = new TreeMap<>();
    if (Files.isRegularFile(place)) {
      files.put(new ArtifactPath(place.getFileName().toString()), place);
    } else if (Files.isDirectory(place)) {
      try (Stream<Path> tree = Files.walk(place)) {
        tree.filter(Files::isRegularFile)
            .forEach(file -> files.put(
                new ArtifactPath(place.relativize(file).toString().replace('\\', '/')), file));
      }
    }
    if (files.isEmpty()) {
      throw CommandFailure.usage("there is no file at " + place);
    }
    List<Manifest.Entry> entries = new java.util.ArrayList<>();
    for (var file : files.entrySet()) {
      entries.add(
          new Manifest.Entry(file.getKey(), Files.size(file.getValue()), digest(file.getValue())));
    }
    return new LocalFiles(files, new Manifest(entries));
  }

  static Digest digest(Path file) throws IOException {
    MessageDigest hash = Digest.sha256();
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        hash.update(buffer, 0, count);
      }
    }
    return Digest.ofHash(hash.digest());
  }
}
