package dev.slipway.registry.artifact;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.name.ModelName;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Versions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class GarbageCollectorTest {
  @Inject
  Uploads uploads;

  @Inject
  Folders folders;

  @Inject
  BlobRows rows;

  @Inject
  ObjectStore store;

  @Inject
  Clock clock;

  @Inject
  Models models;

  @Inject
  Versions versions;

  @Inject
  Snapshots snapshots;

  private StoredFile upload(String path, String content) {
    return uploads.store(
        Owner.TREE,
        new ArtifactPath(path),
        new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)),
        null,
        owner -> {});
  }

  private GarbageCollector.Collected collect(Duration later) {
    return new GarbageCollector(rows, store, Clock.offset(clock, later)).collect();
  }

  @Test
  void whatIsReferredToStaysWhateverTheTime() {
    StoredFile file = upload("gc/kept.txt", "kept for ever");

    collect(Duration.ofDays(400));

    assertThat(store.stat(file.objectKey())).isPresent();
  }

  @Test
  void anUnreferencedBlobLosesItsRowFirstAndItsObjectADayLater() {
    StoredFile file = upload("gc/deleted.txt", "soon gone");
    QuarkusTransaction.requiringNew()
        .run(() -> folders.delete(Owner.TREE, new ArtifactPath("gc/deleted.txt")));

    GarbageCollector.Collected first = collect(Duration.ofHours(2));
    boolean thereAfterTheRow = store.stat(file.objectKey()).isPresent();
    collect(Duration.ofHours(27));

    assertThat(first.blobs()).isPositive();
    assertThat(thereAfterTheRow).isTrue();
    assertThat(store.stat(file.objectKey())).isEmpty();
  }

  @Test
  void theSameBytesAreStoredOnceAndTheSecondObjectGoesAtOnce() {
    StoredFile first = upload("gc/a.txt", "twins");
    StoredFile second = upload("gc/b.txt", "twins");

    collect(Duration.ZERO);

    assertThat(folders.find(Owner.TREE, new ArtifactPath("gc/b.txt")))
        .map(StoredFile::objectKey)
        .contains(first.objectKey());
    assertThat(store.stat(second.objectKey())).isEmpty();
    assertThat(store.stat(first.objectKey())).isPresent();
  }

  @Test
  void anObjectWhoseUploadDiedBeforeItsCommitIsCollectedAfterSixHours() {
    UUID id = UUID.randomUUID();
    rows.begin(id, "blobs/" + id);
    store.put("blobs/" + id, new ByteArrayInputStream(new byte[10]));

    collect(Duration.ofHours(5));
    boolean thereWhileItMayLive = store.stat("blobs/" + id).isPresent();
    collect(Duration.ofHours(7));

    assertThat(thereWhileItMayLive).isTrue();
    assertThat(store.stat("blobs/" + id)).isEmpty();
  }

  @Test
  void anObjectThatIsWrittenAfterItsUploadWasGivenUpIsCollected() {
    UUID id = UUID.randomUUID();
    rows.begin(id, "blobs/" + id);
    collect(Duration.ofHours(7));
    store.put("blobs/" + id, new ByteArrayInputStream(new byte[10]));

    rows.abandon(id, "blobs/" + id);
    collect(Duration.ZERO);

    assertThat(store.stat("blobs/" + id)).isEmpty();
  }

  @Test
  void aBlobWhoseCommitWasNotHeardOfIsNotCollected() {
    StoredFile file = upload("gc/unheard.txt", "committed all the same");

    rows.abandon(UUID.randomUUID(), file.objectKey());
    collect(Duration.ZERO);

    assertThat(store.stat(file.objectKey())).isPresent();
  }

  @Test
  void aDeletedVersionLetsGoOfItsBytes() {
    Caller alice = new Caller("alice", Set.of(Role.AUTHOR), null);
    models.create(alice, new ModelName("gc-deleted"), null, Map.of());
    versions.create(alice, "gc-deleted", new Versions.NewVersion(null, null, null, null, null));
    StoredFile file = snapshots.upload(
        "gc-deleted",
        1,
        new ArtifactPath("model.onnx"),
        new ByteArrayInputStream(new byte[] {1, 2, 3, 9}),
        null);
    given()
        .header("X-Slipway-User", "alice")
        .delete("/api/v1/models/gc-deleted")
        .then()
        .statusCode(204);

    collect(Duration.ofHours(2));
    collect(Duration.ofHours(27));

    assertThat(store.stat(file.objectKey())).isEmpty();
  }

  @Test
  void anonymousCannotDelete() {
    Caller alice = new Caller("alice", Set.of(Role.AUTHOR), null);
    models.create(alice, new ModelName("gc-named"), null, Map.of());

    given().delete("/api/v1/models/gc-named").then().statusCode(403);
    given()
        .header("X-Slipway-User", "alice")
        .delete("/api/v1/models/gc-named")
        .then()
        .statusCode(204);
  }

  @Test
  void aBodyThatBreaksOffLeavesNoFileAndNoUpload() {
    InputStream breaking = new SequenceInputStream(
        new ByteArrayInputStream(new byte[100]),
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        });

    Assertions.assertThatThrownBy(() -> uploads.store(
            Owner.TREE, new ArtifactPath("gc/broken.txt"), breaking, null, owner -> {}))
        .hasMessageContaining("broke off");

    assertThat(folders.find(Owner.TREE, new ArtifactPath("gc/broken.txt"))).isEmpty();
  }
}
