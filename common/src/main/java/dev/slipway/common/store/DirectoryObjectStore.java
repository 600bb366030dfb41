package dev.slipway.common.store;

import dev.slipway.common.artifact.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Objects as files below one root, the key being the relative path. An object is written to {@code .incoming}, synced, moved
 * into place in one step, and its folder synced, so that neither a reader nor a power cut sees part of it. Several processes
 * may use one root.
 */
final class DirectoryObjectStore implements ObjectStore {
  private static final String INCOMING = ".incoming";
  private static final int BUFFER_SIZE = 1 << 16;

  /** Longer than an upload may last (6 h): what is older was left by a process that was killed. */
  private static final Duration ABANDONED = Duration.ofHours(24);

  private final Path root;

  private DirectoryObjectStore(Path root) {
    this.root = root;
  }

  static DirectoryObjectStore open(StoreSettings.Directory settings) {
    return open(settings, Clock.systemUTC());
  }

  static DirectoryObjectStore open(StoreSettings.Directory settings, Clock clock) {
    var store = new DirectoryObjectStore(settings.root().toAbsolutePath().normalize());
    try {
      if (settings.create()) {
        Files.createDirectories(store.root);
      }
      store.requireRoot();
      store.removeAbandoned(clock);
    } catch (IOException e) {
      throw store.unreachable("", e);
    }
    return store;
  }

  @Override
  public Written put(String key, InputStream content) {
    Path target = path(key);
    Path incoming = root.resolve(INCOMING).resolve(UUID.randomUUID().toString());
    try {
      requireRoot();
      createFolder(incoming.getParent());
      try {
        Written written = write(key, incoming, content);
        moveIntoPlace(incoming, target);
        return written;
      } finally {
        Files.deleteIfExists(incoming);
      }
    } catch (FileAlreadyExistsException | NotDirectoryException clash) {
      throw new IllegalArgumentException(
          "'" + key + "' and another object's key cannot be file and folder of one name", clash);
    } catch (IOException e) {
      throw unreachable(key, e);
    }
  }

  private Written write(String key, Path file, InputStream content) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER_SIZE];
    long size = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read = next(key, content, buffer); read >= 0; read = next(key, content, buffer)) {
        sha256.update(buffer, 0, read);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        size += read;
      }
      channel.force(true);
    }
    return new Written(key, size, Digest.ofHash(sha256.digest()));
  }

  private static int next(String key, InputStream content, byte[] buffer) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new ObjectStoreException.SourceFailed(key, e);
    }
  }

  private void moveIntoPlace(Path incoming, Path target) throws IOException {
    createFolder(target.getParent());
    if (Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Files.move(
        incoming, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(target.getParent());
  }

  /** Makes the folder and those above it, below the root; each new entry is synced into its parent. */
  private void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    createFolder(folder.getParent());
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException raced) {
      if (!Files.isDirectory(folder)) {
        throw raced;
      }
    }
    sync(folder.getParent());
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public InputStream get(String key, long offset, long length) {
    if (offset < 0 || length < -1) {
      throw new IllegalArgumentException("no range from " + offset + " of length " + length);
    }
    Path file = path(key);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new ObjectStoreException.Missing(key);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        channel.position(offset);
        InputStream content = Channels.newInputStream(channel);
        return length < 0 ? content : new LimitedInputStream(content, length);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw missingOrUnreachable(key, e);
    }
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    try {
      var attributes =
          Files.readAttributes(path(key), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
          ? Optional.of(new ObjectInfo(key, attributes.size()))
          : Optional.empty();
    } catch (IOException e) {
      switch (missingOrUnreachable(key, e)) {
        case ObjectStoreException.Missing missing -> {
          return Optional.empty();
        }
        case ObjectStoreException failure -> throw failure;
      }
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    try {
      requireRoot();
      return new DirectoryListing(root, ObjectKey.requirePrefix(prefix), startAfter, limit).read();
    } catch (IOException e) {
      throw unreachable(prefix, e);
    }
  }

  @Override
  public void delete(String key) {
    Path file = path(key);
    try {
      requireRoot();
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.deleteIfExists(file)) {
        sync(file.getParent());
      }
    } catch (IOException e) {
      throw unreachable(key, e);
    }
  }

  @Override
  public void close() {}

  private Path path(String key) {
    return root.resolve(ObjectKey.require(key));
  }

  /** A root that is gone (a lost mount) is not an empty store. */
  private void requireRoot() throws IOException {
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException("the store's directory is not there");
    }
  }

  private ObjectStoreException missingOrUnreachable(String key, IOException e) {
    boolean absent =
        e instanceof NoSuchFileException || e instanceof NotDirectoryException || hasFileAbove(key);
    return absent && Files.isDirectory(root)
        ? new ObjectStoreException.Missing(key)
        : unreachable(key, e);
  }

  /** Linux answers "Not a directory" as a plain FileSystemException. */
  private boolean hasFileAbove(String key) {
    for (Path above = path(key).getParent(); !above.equals(root); above = above.getParent()) {
      if (Files.isRegularFile(above)) {
        return true;
      }
    }
    return false;
  }

  private ObjectStoreException.Unreachable unreachable(String key, IOException e) {
    return new ObjectStoreException.Unreachable(
        key, e.getClass().getSimpleName() + " in directory " + root, e);
  }

  private void removeAbandoned(Clock clock) throws IOException {
    Path incoming = root.resolve(INCOMING);
    if (!Files.isDirectory(incoming)) {
      return;
    }
    try (var files = Files.newDirectoryStream(incoming)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file)
            .toInstant()
            .isBefore(clock.instant().minus(ABANDONED))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
