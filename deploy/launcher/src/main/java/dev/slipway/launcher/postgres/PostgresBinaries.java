package dev.slipway.launcher.postgres;

import dev.slipway.common.artifact.Digest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path once a machine. */
public final class PostgresBinaries {
  private PostgresBinaries() {}

  /**
   * Answers the directory that holds {@code bin} and {@code lib}, and unpacks it below {@code cache} the first time.
   *
   * @throws IOException when this platform has no binaries or the cache cannot be written
   */
  public static Path in(Path cache) throws IOException {
    String resource = "postgres-" + system() + "-" + architecture() + ".txz";
    byte[] packed;
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new IOException("no PostgreSQL for this platform (" + resource + ")");
      }
      packed = in.readAllBytes();
    }
    Path home = cache.resolve("postgres-" + Digest.of(packed).hex().substring(0, 16));
    if (!Files.isDirectory(home)) {
      Files.createDirectories(cache);
      Path fresh = Files.createTempDirectory(cache, ".postgres-");
      unpack(packed, fresh);
      adopt(fresh, home);
    }
    return home;
  }

  private static void unpack(byte[] packed, Path target) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(
        new BufferedInputStream(new XZInputStream(new ByteArrayInputStream(packed)), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("an archive entry leaves its directory: " + entry.getName());
        }
        write(tar, entry, path);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
    boolean runs = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
  }

  /** Two first starts at once: the second finds the first one's directory, which is as good. */
  private static void adopt(Path fresh, Path home) throws IOException {
    // Others may run it: PostgreSQL as root lives in a user namespace where even the owner is
    // nobody.
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      Directories.delete(fresh);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
      Directories.delete(fresh);
    }
  }

  private static String system() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
        ? "darwin"
        : "linux";
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
  }
}
