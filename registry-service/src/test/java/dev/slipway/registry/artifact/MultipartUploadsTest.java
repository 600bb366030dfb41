package dev.slipway.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.Presigner;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.problem.RegistryException.Conflict;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client hears that asks again, its first answer being lost. The store signs links here, of parts that hold one text. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class MultipartUploadsTest {
  private static final List<Presigner.Part> PARTS = List.of(new Presigner.Part(1, "etag"));

  @Inject
  ObjectStore store;

  @Inject
  BlobRows rows;

  @Inject
  Folders folders;

  @Inject
  Clock clock;

  @Test
  void completingAgainFindsItDoneAlsoWhereTheBytesWereHereBefore() {
    MultipartUploads uploads = of("the same in both");
    complete(uploads, "multipart/first.txt", uploads.begin(1).uploadId());
    String second = uploads.begin(1).uploadId();
    var path = new ArtifactPath("multipart/second.txt");

    complete(uploads, path.value(), second);
    new GarbageCollector(rows, store, clock).collect();

    assertThatCode(() -> complete(uploads, path.value(), second)).doesNotThrowAnyException();
    assertThat(folders.find(Owner.TREE, path)).isPresent();
  }

  @Test
  void anUploadIsDoneOnlyWhereItWasCompleted() {
    MultipartUploads uploads = of("in one place");
    String upload = uploads.begin(1).uploadId();
    complete(uploads, "multipart/here.txt", upload);

    assertThatThrownBy(() -> complete(uploads, "multipart/there.txt", upload))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void aDayLaterAFinishedUploadIsOver() {
    MultipartUploads uploads = of("long ago");
    String upload = uploads.begin(1).uploadId();
    complete(uploads, "multipart/old.txt", upload);

    new GarbageCollector(rows, store, Clock.offset(clock, Duration.ofHours(25))).collect();

    assertThatThrownBy(() -> complete(uploads, "multipart/old.txt", upload))
        .isInstanceOf(Conflict.class);
  }

  private MultipartUploads of(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new MultipartUploads(
        new SigningStore(store, () -> new ByteArrayInputStream(bytes)), rows, folders);
  }

  private static void complete(MultipartUploads uploads, String path, String upload) {
    uploads.complete(new ArtifactPath(path), upload, PARTS);
  }
}
