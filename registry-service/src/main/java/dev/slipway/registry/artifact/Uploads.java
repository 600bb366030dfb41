package dev.slipway.registry.artifact;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStore.Written;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.registry.problem.RegistryException.Conflict;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Streams a body to a new object, and makes it the file of a folder in one short transaction at the end. The upload's row is
 * there before the first byte, so that an object whose upload died is known and collected. No transaction is open meanwhile.
 */
@ApplicationScoped
public class Uploads {
  private final ObjectStore store;
  private final BlobRows rows;
  private final Folders folders;

  Uploads(ObjectStore store, BlobRows rows, Folders folders) {
    this.store = store;
    this.rows = rows;
    this.folders = folders;
  }

  /**
   * Must be called without a transaction.
   *
   * @param expected the digest that the caller promised; null for none
   * @param check runs in the final transaction, before the file becomes visible: throws when it may not
   * @throws ObjectStoreException.Mismatch when the bytes are not those promised; nothing is kept
   */
  public StoredFile store(
      Owner owner, ArtifactPath path, InputStream body, Digest expected, Consumer<Owner> check) {
    UUID id = UUID.randomUUID();
    String key = "blobs/" + id;
    rows.begin(id, key);
    boolean kept = false;
    try {
      Written written = store.put(key, new Heartbeat(body, () -> rows.heartbeat(id)));
      if (expected != null && !expected.equals(written.digest())) {
        throw new ObjectStoreException.Mismatch(path.value(), expected, written.digest());
      }
      kept = QuarkusTransaction.requiringNew().call(() -> {
        if (!rows.adopt(id, written)) {
          throw new Conflict(
              "upload-expired",
              "the upload took too long without a sign of life and was given up: send it again");
        }
        check.accept(owner);
        folders.put(owner, path, written.digest(), written.size());
        return true;
      });
      return new StoredFile(path, written.size(), written.digest(), key);
    } finally {
      if (!kept) {
        rows.abandon(id, key);
      }
    }
  }
}
