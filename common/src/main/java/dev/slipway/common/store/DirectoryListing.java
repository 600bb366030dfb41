package dev.slipway.common.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * One listing of a directory store. Going through each folder by name, a folder's name being taken with its '/', visits the
 * keys in byte order without holding more than the page and one folder's names per level.
 */
final class DirectoryListing {
  private final Path root;
  private final String prefix;
  private final String startAfter;
  private final int limit;
  private final List<ObjectStore.ObjectInfo> found = new ArrayList<>();

  DirectoryListing(Path root, String prefix, String startAfter, int limit) {
    this.root = root;
    this.prefix = prefix;
    this.startAfter = startAfter == null ? "" : startAfter;
    this.limit = limit;
  }

  List<ObjectStore.ObjectInfo> read() throws IOException {
    visit(root, "");
    return List.copyOf(found);
  }

  private void visit(Path folder, String path) throws IOException {
    for (String name : names(folder)) {
      if (found.size() >= limit) {
        return;
      }
      String key = path + name;
      if (name.endsWith("/")) {
        if (mayHold(key)) {
          visit(folder.resolve(name), key);
        }
      } else if (key.startsWith(prefix) && key.compareTo(startAfter) > 0) {
        add(folder.resolve(name), key);
      }
    }
  }

  /** Whether keys that begin with this folder can be asked for. Keys are ASCII, so that String order is byte order. */
  private boolean mayHold(String folder) {
    return (folder.startsWith(prefix) || prefix.startsWith(folder))
        && (folder.compareTo(startAfter) > 0 || startAfter.startsWith(folder));
  }

  private void add(Path file, String key) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      found.add(new ObjectStore.ObjectInfo(key, attributes.size()));
    } catch (NoSuchFileException deletedMeanwhile) {
      // Listing is no snapshot: what goes away meanwhile may be left out.
    }
  }

  private static List<String> names(Path folder) throws IOException {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith(".")) {
          continue;
        }
        boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        names.add(isFolder ? name + "/" : name);
      }
    }
    names.sort(null);
    return names;
  }
}
