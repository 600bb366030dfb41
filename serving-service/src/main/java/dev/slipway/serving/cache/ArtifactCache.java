package dev.slipway.serving.cache;

import dev.slipway.common.artifact.Digest;
import dev.slipway.serving.cache.ArtifactException.Kind;
import dev.slipway.serving.disk.DurableFile;
import dev.slipway.serving.registry.StoredManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Versions' files on disk, at {@code sha256/<hex>/<path>}. A folder of that name is whole: it is fetched under another name,
 * verified, synced and renamed. Each {@link #open} reads every byte again (about a second for 1 GiB), because what was reviewed
 * is what must load. Thread-safe; a version is fetched once however many ask for it.
 */
public final class ArtifactCache {
  private static final Logger LOG = Logger.getLogger(ArtifactCache.class);
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final Path versions;
  private final Path temporary;
  private final long maxBytes;
  private final Clock clock;
  private final ManifestShelf manifests;
  private final VersionFetch files;
  private final ReentrantLock lock = new ReentrantLock();
  private final CacheSpace space;
  private final Turns<Digest> turns = new Turns<>();
  private long evictions;

  /**
   * @param root made where missing; half-fetched leftovers in it are deleted
   * @param maxBytes quota for the versions' files
   * @throws IOException when the folder cannot be used
   */
  public ArtifactCache(
      Path root, ManifestSource manifests, LateStore store, long maxBytes, Clock clock)
      throws IOException {
    this.versions = root.resolve("sha256");
    this.temporary = root.resolve("tmp");
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.space = new CacheSpace(maxBytes);
    this.files = new VersionFetch(store);
    DiskTree.delete(temporary);
    Files.createDirectories(temporary);
    Files.createDirectories(versions);
    Path shelf = Files.createDirectories(root.resolve("manifests"));
    this.manifests = new ManifestShelf(shelf, manifests);
    findVersions();
  }

  /** The size of the version's files together, in bytes; asks the registry the first time. */
  public long size(Digest digest) throws ArtifactException, InterruptedException {
    return turns.take(digest, () -> manifests.get(digest).toManifest().totalSize());
  }

  /** What the feed names now: it stays, however full the cache is. */
  public void keep(Set<Digest> named) {
    lock.lock();
    try {
      space.named(named);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The version's files, fetched if need be, verified in any case. A cached copy that has gone bad is fetched again once.
   *
   * @throws ArtifactException naming the digest and what is in the way
   */
  public CachedVersion open(Digest digest) throws ArtifactException, InterruptedException {
    return turns.take(digest, () -> openAlone(digest));
  }

  public CacheUse use() {
    lock.lock();
    try {
      return new CacheUse(space.used(), maxBytes, space.versions(), evictions);
    } finally {
      lock.unlock();
    }
  }

  private CachedVersion openAlone(Digest digest) throws ArtifactException, InterruptedException {
    StoredManifest manifest = manifests.get(digest);
    long size = manifest.toManifest().totalSize();
    Optional<CacheSpace.Entry> cached = useIfThere(digest);
    CacheSpace.Entry entry = cached.isPresent() ? cached.get() : makeRoom(digest, size);
    boolean opened = false;
    try {
      if (cached.isEmpty() || !intact(digest, manifest)) {
        fetch(digest, manifest);
        files.verify(manifest, folder(digest));
      }
      touch(folder(digest));
      opened = true;
      return new CachedVersion(digest, folder(digest), size, () -> release(entry));
    } finally {
      if (!opened) {
        release(entry);
      }
    }
  }

  private boolean intact(Digest digest, StoredManifest manifest) {
    try {
      files.verify(manifest, folder(digest));
      return true;
    } catch (ArtifactException damaged) {
      LOG.warnf("Cached copy of %s is damaged and fetched again: %s", digest, damaged.getMessage());
      return false;
    }
  }

  private void fetch(Digest digest, StoredManifest manifest) throws ArtifactException {
    Path work = temporary.resolve(UUID.randomUUID().toString());
    try {
      removeFolder(digest);
      Files.createDirectories(work);
      files.fetch(manifest, work);
      Files.move(work, folder(digest), StandardCopyOption.ATOMIC_MOVE);
      DurableFile.syncFolder(versions);
    } catch (ArtifactException failed) {
      forgetManifestIfStale(digest, failed);
      throw abandoned(digest, work, failed);
    } catch (IOException failed) {
      throw abandoned(
          digest,
          work,
          new ArtifactException(
              Kind.DISK, digest + " cannot be kept on this machine's disk", failed));
    }
  }

  /** An object that is gone may have been stored again under another key: the next try asks for the manifest afresh. */
  private void forgetManifestIfStale(Digest digest, ArtifactException failed) {
    if (failed.kind() == Kind.MISSING) {
      try {
        manifests.forget(digest);
      } catch (IOException kept) {
        failed.addSuppressed(kept);
      }
    }
  }

  private ArtifactException abandoned(Digest digest, Path work, ArtifactException failed) {
    try {
      DiskTree.delete(work);
    } catch (IOException left) {
      failed.addSuppressed(left);
    }
    lock.lock();
    try {
      space.remove(digest);
    } finally {
      lock.unlock();
    }
    return new ArtifactException(
        failed.kind(), "version digest " + digest + ": " + failed.getMessage(), failed);
  }

  private Optional<CacheSpace.Entry> useIfThere(Digest digest) {
    lock.lock();
    try {
      return space.use(digest);
    } finally {
      lock.unlock();
    }
  }

  private CacheSpace.Entry makeRoom(Digest digest, long bytes) throws ArtifactException {
    lock.lock();
    try {
      for (Optional<Digest> victim = space.victimFor(bytes);
          victim.isPresent();
          victim = space.victimFor(bytes)) {
        evict(victim.get());
      }
      requireDisk(digest, bytes);
      return space.reserve(digest, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void evict(Digest victim) throws ArtifactException {
    try {
      removeFolder(victim);
      manifests.forget(victim);
      space.remove(victim);
      evictions++;
    } catch (IOException failed) {
      throw new ArtifactException(Kind.DISK, "cannot evict " + victim + " from the cache", failed);
    }
  }

  private void requireDisk(Digest digest, long bytes) throws ArtifactException {
    try {
      long free = Files.getFileStore(versions).getUsableSpace();
      if (free < bytes) {
        throw new ArtifactException(
            Kind.DISK,
            "version digest " + digest + " needs " + bytes + " bytes, this machine's disk has "
                + free + " free");
      }
    } catch (IOException failed) {
      throw new ArtifactException(Kind.DISK, "this machine's disk failed", failed);
    }
  }

  /** Takes the name away first, so that what is left under it is always whole. */
  private void removeFolder(Digest digest) throws IOException {
    if (Files.exists(folder(digest))) {
      Path doomed = temporary.resolve(UUID.randomUUID().toString());
      Files.move(folder(digest), doomed, StandardCopyOption.ATOMIC_MOVE);
      DiskTree.delete(doomed);
    }
  }

  private void release(CacheSpace.Entry entry) {
    lock.lock();
    try {
      space.release(entry);
    } finally {
      lock.unlock();
    }
  }

  private void touch(Path folder) {
    try {
      Files.setLastModifiedTime(folder, FileTime.from(clock.instant()));
    } catch (IOException ignored) {
      // Only the order of evictions after a restart hangs on it.
    }
  }

  private void findVersions() throws IOException {
    try (var found = Files.list(versions)) {
      var folders = found
          .filter(folder -> HEX.matcher(folder.getFileName().toString()).matches())
          .sorted(Comparator.comparingLong(DiskTree::modified))
          .toList();
      for (Path folder : folders) {
        space.found(new Digest("sha256:" + folder.getFileName()), DiskTree.size(folder));
      }
    }
  }

  private Path folder(Digest digest) {
    return versions.resolve(digest.hex());
  }
}
