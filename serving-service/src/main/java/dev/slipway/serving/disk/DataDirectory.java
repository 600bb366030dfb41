package dev.slipway.serving.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The folder that one replica owns while it runs. The lock is the operating system's: it goes with the process, however that
 * ends.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Makes the folder where it is missing, and takes it.
   *
   * @throws IOException when it cannot be written, or another process has it; the message says which
   */
  public static DataDirectory take(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return new DataDirectory(root, channel);
      }
    } catch (OverlappingFileLockException sameProcess) {
      // Falls through to the same refusal: the folder has an owner.
    }
    channel.close();
    throw new IOException("the data directory " + root
        + " is in use by another serving process; give this one its own slipway.serving.data-dir");
  }

  public Path root() {
    return root;
  }

  /** The last feed seen. */
  public Path feedFile() {
    return root.resolve("feed.json");
  }

  /** The artifact cache. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** The id given to this folder the first time, the same ever after. */
  public String replicaId() throws IOException {
    Path file = root.resolve("replica-id");
    if (Files.exists(file)) {
      String id = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (!id.isEmpty()) {
        return id;
      }
    }
    String id = "serving-" + UUID.randomUUID().toString().substring(0, 8);
    DurableFile.write(file, id.getBytes(StandardCharsets.UTF_8));
    return id;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
