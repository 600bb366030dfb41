package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.VersionView.Status;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A version's files: sent one by one while it is pending, then frozen as its manifest. */
@ApplicationScoped
public class Snapshots {
  private final LivePointers pointers;
  private final Versions versions;
  private final Uploads uploads;
  private final Folders folders;
  private final ObjectStore store;
  private final Event<VersionCompleted> completed;

  Snapshots(
      LivePointers pointers,
      Versions versions,
      Uploads uploads,
      Folders folders,
      ObjectStore store,
      Event<VersionCompleted> completed) {
    this.pointers = pointers;
    this.versions = versions;
    this.uploads = uploads;
    this.folders = folders;
    this.store = store;
    this.completed = completed;
  }

  /**
   * Streams one file into a pending version, in place of what was at the path. Must be called without a transaction.
   *
   * @throws Conflict when the version is complete: a version never changes
   */
  public StoredFile upload(
      String model, int number, ArtifactPath path, InputStream body, Digest expected) {
    VersionView version = versions.get(model, number);
    requirePending(version);
    return uploads.store(Owner.version(version.id()), path, body, expected, owner -> {
      pointers.lock(model);
      requirePending(versions.get(model, number));
    });
  }

  private static void requirePending(VersionView version) {
    if (version.status() != Status.PENDING_REGISTRATION) {
      throw new Conflict(
              "version-complete",
              "version " + version.number() + " of '" + version.model()
                  + "' is complete and never changes: create a new version")
          .with("model", version.model())
          .with("version", version.number());
    }
  }

  @Transactional
  public List<StoredFile> files(String model, int number) {
    return folders.list(Owner.version(versions.get(model, number).id()));
  }

  /** @param after the path that the page before ended with; "" for the first page */
  @Transactional
  public List<StoredFile> files(String model, int number, String after, int size) {
    return folders.list(Owner.version(versions.get(model, number).id()), after, size);
  }

  /** @throws NotFound when the version has no such file */
  @Transactional
  public StoredFile file(String model, int number, ArtifactPath path) {
    return folders
        .find(Owner.version(versions.get(model, number).id()), path)
        .orElseThrow(() -> new NotFound(
                "file-not-found",
                "version " + number + " of '" + model + "' has no file '" + path + "'")
            .with("path", path.value()));
  }

  /** Opens {@code length} bytes (-1: to the end) of a file from {@code offset}. The caller closes the stream. */
  public InputStream open(StoredFile file, long offset, long length) {
    return store.get(file.objectKey(), offset, length);
  }

  /** Takes a file out of a pending version. */
  @Transactional
  public void delete(String model, int number, ArtifactPath path) {
    pointers.lock(model);
    VersionView version = versions.get(model, number);
    requirePending(version);
    if (!folders.delete(Owner.version(version.id()), path)) {
      throw new NotFound(
              "file-not-found",
              "version " + number + " of '" + model + "' has no file '" + path + "'")
          .with("path", path.value());
    }
  }

  /**
   * Freezes a pending version. Asked again with what it holds, it answers the same.
   *
   * @param files the manifest that the caller expects; null for whatever was uploaded
   * @param digest the digest that the caller expects; null for any
   * @throws Conflict when the expectation is not met; nothing has changed then
   */
  @Transactional
  public VersionView complete(
      Caller actor, String model, int number, List<Manifest.Entry> files, Digest digest) {
    pointers.lock(model);
    VersionView version = versions.get(model, number);
    List<StoredFile> stored = folders.list(Owner.version(version.id()));
    if (stored.isEmpty()) {
      throw new Conflict(
          "version-empty",
          "version " + number + " of '" + model + "' has no files: PUT them before completing it");
    }
    Manifest manifest = Folders.manifest(stored);
    if (files != null) {
      expect(manifest, new Manifest(files));
    }
    if (digest != null && !digest.equals(manifest.digest())) {
      throw new Conflict(
          "manifest-differs",
          "the uploaded files have digest " + manifest.digest() + ", expected " + digest);
    }
    if (version.status() == Status.READY) {
      return version;
    }
    requirePending(version);
    freeze(actor, version.id(), stored, manifest);
    return versions.get(version.id());
  }

  /**
   * Freezes a version as the present content of a folder, or of one file: rows only, no bytes move.
   *
   * @param created a version that the caller's transaction created, and nobody else knows of
   * @return whether there are files; without any the version is left pending
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public boolean completeFrom(Caller actor, VersionView created, Owner source, String folder) {
    requirePending(created);
    Owner target = Owner.version(created.id());
    if (folders.copy(source, folder, target) == 0 && !copyFile(source, folder, target)) {
      return false;
    }
    List<StoredFile> stored = folders.list(target);
    freeze(actor, created.id(), stored, Folders.manifest(stored));
    return true;
  }

  /**
   * Freezes a version that was registered without files as those of {@code copy}, which is empty afterwards. It is not known any
   * more whether it can be served.
   *
   * @throws Conflict when the version has files meanwhile
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void completeFromCopy(Caller actor, VersionView version, Owner copy) {
    pointers.lock(version.model());
    if (versions.get(version.id()).digest() != null) {
      throw new Conflict(
          "version-complete",
          "version " + version.number() + " of '" + version.model() + "' has its files already");
    }
    Owner target = Owner.version(version.id());
    if (!folders.list(target, "", 1).isEmpty()) {
      throw new Conflict(
          "version-pending",
          "files were uploaded to version " + version.number() + " of '" + version.model()
              + "' meanwhile");
    }
    folders.copy(copy, "", target);
    folders.deleteUnder(copy, "");
    List<StoredFile> stored = folders.list(target);
    versions.describe(version.id(), new Servable(Servable.State.UNKNOWN, null), null);
    freeze(actor, version.id(), stored, Folders.manifest(stored));
  }

  private boolean copyFile(Owner source, String path, Owner target) {
    if (path.isEmpty()) {
      return false;
    }
    Optional<StoredFile> file = folders.find(source, new ArtifactPath(path));
    file.ifPresent(found -> {
      String name = path.substring(path.lastIndexOf('/') + 1);
      folders.put(target, new ArtifactPath(name), found.digest(), found.size());
    });
    return file.isPresent();
  }

  private void freeze(Caller actor, long version, List<StoredFile> stored, Manifest manifest) {
    versions.markReady(actor, version, manifest.digest(), manifest.totalSize(), format(stored));
    completed.fire(new VersionCompleted(version, stored));
  }

  private static void expect(Manifest actual, Manifest expected) {
    var have = new TreeMap<ArtifactPath, Manifest.Entry>();
    actual.files().forEach(entry -> have.put(entry.path(), entry));
    for (Manifest.Entry entry : expected.files()) {
      Manifest.Entry uploaded = have.remove(entry.path());
      if (!entry.equals(uploaded)) {
        throw new Conflict(
                "manifest-differs",
                uploaded == null
                    ? "'" + entry.path() + "' is expected and was not uploaded"
                    : "'" + entry.path() + "' was uploaded with " + uploaded.size() + " bytes and "
                        + uploaded.digest() + ", expected " + entry.size() + " bytes and "
                        + entry.digest())
            .with("path", entry.path().value());
      }
    }
    if (!have.isEmpty()) {
      throw new Conflict(
              "manifest-differs", "'" + have.firstKey() + "' was uploaded and is not expected")
          .with("path", have.firstKey().value());
    }
  }

  private static String format(List<StoredFile> files) {
    return files.stream()
        .map(file -> FileFormat.byName(file.path().value()))
        .flatMap(Optional::stream)
        .min(java.util.Comparator.comparingInt(FileFormat::ordinal))
        .map(FileFormat::label)
        .orElse(null);
  }
}
