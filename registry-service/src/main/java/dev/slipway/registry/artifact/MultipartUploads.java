package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStore.Written;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.common.store.Presigner;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Invalid;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Uploads whose bytes go straight to the store, in parts, through links that it signed. The store must have a presigner. What
 * came is read once for its digest before it counts; until then it is an upload like any other, and collected like one.
 */
@ApplicationScoped
public class MultipartUploads {
  private static final Duration VALID = Duration.ofHours(6);
  private static final int MOST_PARTS = 10_000;

  private final ObjectStore store;
  private final BlobRows rows;
  private final Folders folders;

  MultipartUploads(ObjectStore store, BlobRows rows, Folders folders) {
    this.store = store;
    this.rows = rows;
    this.folders = folders;
  }

  /** A begun upload: its id, and the PUT link of each part in order, the first being part 1. */
  public record Begun(String uploadId, List<URI> links) {}

  /** Whether the store signs links. */
  public boolean isOffered() {
    return store.presigner().isPresent();
  }

  /** Begins an upload of 1 to 10,000 parts. */
  public Begun begin(int parts) {
    if (parts < 1 || parts > MOST_PARTS) {
      throw new Invalid("an upload has 1 to " + MOST_PARTS + " parts, not " + parts);
    }
    UUID id = UUID.randomUUID();
    rows.begin(id, key(id));
    String storeId = presigner().createMultipart(key(id));
    List<URI> links = IntStream.rangeClosed(1, parts)
        .mapToObj(number -> presigner().part(key(id), storeId, number, VALID))
        .toList();
    return new Begun(id + ":" + storeId, links);
  }

  /**
   * Makes the parts the file at {@code path} of the tree. Reads it once; must be called without a transaction. Called again
   * within a day, it finds it done, whatever became of the file since.
   */
  public void complete(ArtifactPath path, String uploadId, List<Presigner.Part> parts) {
    Id id = Id.parse(uploadId);
    String key = key(id.upload());
    rows.heartbeat(id.upload());
    try {
      presigner().completeMultipart(key, id.storeId(), parts);
    } catch (ObjectStoreException.Missing over) {
      if (rows.isFinished(id.upload(), path.value())) {
        // The same call again: its first answer was lost on the way.
        return;
      }
      throw isOver();
    }
    boolean kept = false;
    try {
      Written written = read(id.upload(), key);
      QuarkusTransaction.requiringNew().run(() -> {
        if (!rows.adopt(id.upload(), written)) {
          throw isOver();
        }
        folders.put(Owner.TREE, path, written.digest(), written.size());
        rows.finish(id.upload(), path.value());
      });
      kept = true;
    } finally {
      if (!kept) {
        rows.abandon(id.upload(), key);
      }
    }
  }

  /** Drops the parts; what was completed stays. */
  public void abort(String uploadId) {
    Id id = Id.parse(uploadId);
    presigner().abortMultipart(key(id.upload()), id.storeId());
    rows.abandon(id.upload(), key(id.upload()));
  }

  /** A link to read a file's bytes from the store. */
  public URI link(StoredFile file, Duration validFor) {
    return presigner().get(file.objectKey(), validFor);
  }

  private Written read(UUID upload, String key) {
    try (InputStream object = new Heartbeat(store.get(key), () -> rows.heartbeat(upload))) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      long size = new DigestInputStream(object, sha256).transferTo(OutputStream.nullOutputStream());
      return new Written(
          key, size, new Digest("sha256:" + HexFormat.of().formatHex(sha256.digest())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Conflict isOver() {
    return new Conflict("upload-expired", "this upload is over, or was given up: begin again");
  }

  private Presigner presigner() {
    return store.presigner().orElseThrow(() -> new Invalid("this registry's store signs no links"));
  }

  private static String key(UUID id) {
    return "blobs/" + id;
  }

  /** Our upload and the store's: the caller carries both, and only ours says where the bytes are. */
  private record Id(UUID upload, String storeId) {
    static Id parse(String uploadId) {
      int colon = uploadId.indexOf(':');
      try {
        return new Id(
            UUID.fromString(uploadId.substring(0, Math.max(0, colon))),
            uploadId.substring(colon + 1));
      } catch (IllegalArgumentException notOurs) {
        throw new Invalid("'" + uploadId + "' is no upload id of this registry");
      }
    }
  }
}
