package dev.slipway.launcher.stack;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** Random secrets in files that only their owner can read. */
final class Secrets {
  private static final int BYTES = 24;

  private Secrets() {}

  /** Answers the secret in {@code file}, and makes one up when there is none. */
  static String in(Path file) throws IOException {
    if (Files.notExists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      // Whole or not at all: a start that is killed here leaves no empty secret.
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      try (WritableByteChannel out = Files.newByteChannel(
          fresh,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        Channels.newOutputStream(out)
            .write(HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
      }
      Files.move(fresh, file);
    }
    return Files.readString(file).strip();
  }
}
