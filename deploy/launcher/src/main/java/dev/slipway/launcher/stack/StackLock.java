package dev.slipway.launcher.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held by the supervisor as long as it lives: the operating system frees it, whatever ends the process. */
public final class StackLock implements AutoCloseable {
  private final FileChannel channel;

  private StackLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock; empty when another process holds it. */
  public static Optional<StackLock> tryTake(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new StackLock(channel));
  }

  /** Whether another process holds the lock now. */
  public static boolean isHeld(Path file) throws IOException {
    if (!java.nio.file.Files.exists(file)) {
      return false;
    }
    Optional<StackLock> taken = tryTake(file);
    if (taken.isPresent()) {
      taken.get().close();
      return false;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
