package dev.slipway.serving.cache;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.serving.cache.ArtifactException.Kind;
import dev.slipway.serving.disk.DurableFile;
import dev.slipway.serving.registry.StoredManifest;
import dev.slipway.serving.registry.StoredManifest.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** Brings a version's files from the store into a folder, and checks files against their manifest. Memory: one buffer. */
final class VersionFetch {
  private static final int BUFFER = 256 * 1024;

  private final LateStore store;

  VersionFetch(LateStore store) {
    this.store = store;
  }

  /** Fetches every file into the empty {@code folder}, verified and synced. */
  void fetch(StoredManifest manifest, Path folder) throws ArtifactException {
    for (StoredFile file : manifest.files()) {
      Path target = resolve(folder, file);
      try {
        Files.createDirectories(target.getParent());
      } catch (IOException failed) {
        throw disk(file, failed);
      }
      fetch(file, target);
    }
    syncFolders(folder);
  }

  /** Reads every file again and compares it with what the manifest promises. */
  void verify(StoredManifest manifest, Path folder) throws ArtifactException {
    byte[] buffer = new byte[BUFFER];
    for (StoredFile file : manifest.files()) {
      MessageDigest hash = Digest.sha256();
      long size = 0;
      try (InputStream in = Files.newInputStream(resolve(folder, file))) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          hash.update(buffer, 0, read);
          size += read;
        }
      } catch (IOException failed) {
        throw disk(file, failed);
      }
      check(file, size, Digest.ofHash(hash.digest()), "the cached copy");
    }
  }

  private void fetch(StoredFile file, Path target) throws ArtifactException {
    MessageDigest hash = Digest.sha256();
    long size = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = store.get(file.objectKey());
        FileChannel out = create(file, target)) {
      for (int read = read(file, in, buffer); read >= 0; read = read(file, in, buffer)) {
        size += read;
        if (size > file.size()) {
          break;
        }
        hash.update(buffer, 0, read);
        write(file, out, ByteBuffer.wrap(buffer, 0, read));
      }
      out.force(true);
    } catch (ObjectStoreException.Missing gone) {
      throw new ArtifactException(
          Kind.MISSING,
          "the store has lost file '" + file.path() + "' (" + file.digest() + ")",
          gone);
    } catch (ObjectStoreException.Mismatch wrong) {
      throw new ArtifactException(
          Kind.CORRUPT,
          "file '" + file.path() + "' is not " + file.digest() + ": " + wrong.getMessage(),
          wrong);
    } catch (ObjectStoreException failed) {
      throw new ArtifactException(Kind.STORE_UNREACHABLE, unreachable(file), failed);
    } catch (IOException failed) {
      throw disk(file, failed);
    }
    check(file, size, Digest.ofHash(hash.digest()), "the object in the store");
  }

  private static FileChannel create(StoredFile file, Path target) throws ArtifactException {
    try {
      return FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException twice) {
      throw new ArtifactException(
          Kind.DISK,
          "'" + file.path()
              + "' and another file differ only in case, which this machine's disk cannot hold",
          twice);
    } catch (IOException failed) {
      throw disk(file, failed);
    }
  }

  /** What fails while reading is the store's doing, what fails while writing is the disk's. */
  private static int read(StoredFile file, InputStream in, byte[] buffer) throws ArtifactException {
    try {
      return in.read(buffer);
    } catch (IOException broken) {
      throw new ArtifactException(Kind.STORE_UNREACHABLE, unreachable(file), broken);
    }
  }

  private static void write(StoredFile file, FileChannel out, ByteBuffer bytes)
      throws ArtifactException {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException failed) {
      throw disk(file, failed);
    }
  }

  private static void check(StoredFile file, long size, Digest actual, String what)
      throws ArtifactException {
    if (size != file.size()) {
      throw new ArtifactException(
          Kind.CORRUPT,
          "file '" + file.path() + "' (" + file.digest() + "): " + what + " has "
              + (size > file.size() ? "more than " + file.size() : Long.toString(size))
              + " bytes, expected " + file.size());
    }
    if (!actual.equals(file.digest())) {
      throw new ArtifactException(
          Kind.CORRUPT,
          "file '" + file.path() + "': " + what + " has digest " + actual + ", expected "
              + file.digest());
    }
  }

  /** An {@code ArtifactPath} cannot leave its folder; this holds even where that rule should ever be loosened. */
  private static Path resolve(Path folder, StoredFile file) throws ArtifactException {
    Path target = folder.resolve(file.path().value()).normalize();
    if (!target.startsWith(folder) || target.equals(folder)) {
      throw new ArtifactException(
          Kind.CORRUPT, "file '" + file.path() + "' would lie outside its version's folder");
    }
    return target;
  }

  private static void syncFolders(Path folder) throws ArtifactException {
    try (var all = Files.walk(folder)) {
      for (Path each : all.filter(Files::isDirectory).toList()) {
        DurableFile.syncFolder(each);
      }
    } catch (IOException failed) {
      throw new ArtifactException(Kind.DISK, "the disk failed: " + failed.getMessage(), failed);
    }
  }

  private static String unreachable(StoredFile file) {
    return "the object store did not hand out file '" + file.path() + "' (" + file.digest() + ")";
  }

  private static ArtifactException disk(StoredFile file, IOException failed) {
    String why = failed.getMessage() == null ? "" : failed.getMessage();
    String reason = why.contains("No space left")
        ? "no space left on this machine's disk"
        : "this machine's disk failed";
    return new ArtifactException(
        Kind.DISK, "file '" + file.path() + "' (" + file.digest() + "): " + reason, failed);
  }
}
