package dev.slipway.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryObjectStoreTest extends ObjectStoreContract {
  @TempDir
  private Path folder;

  @Override
  ObjectStore open() {
    return ObjectStores.open(new StoreSettings.Directory(folder.resolve("store"), true));
  }

  @Override
  ObjectStore openUnreachable() throws IOException {
    Path root = folder.resolve("gone");
    ObjectStore store = ObjectStores.open(new StoreSettings.Directory(root, true));
    Files.delete(root);
    return store;
  }

  @Override
  int unfinishedUploads() throws IOException {
    Path incoming = folder.resolve("store/.incoming");
    if (!Files.exists(incoming)) {
      return 0;
    }
    try (var files = Files.list(incoming)) {
      return (int) files.count();
    }
  }

  @Test
  void rootThatIsNotThereIsRefusedUnlessItIsToBeMade() {
    var settings = new StoreSettings.Directory(folder.resolve("none"), false);

    assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
        .isThrownBy(() -> ObjectStores.open(settings));
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void putDoesNotMakeALostRootAnew() throws IOException {
    try (ObjectStore lost = openUnreachable()) {
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> lost.put("a", new PatternStream(3)));
    }
    assertThat(folder.resolve("gone")).doesNotExist();
  }

  @Test
  void keyBelowAnotherObjectIsRefused() {
    put("a", "x");
    put("b/c", "x");

    assertThatIllegalArgumentException().isThrownBy(() -> put("a/b", "y"));
    assertThatIllegalArgumentException().isThrownBy(() -> put("b", "y"));
    assertThat(store().stat("a/b")).isEmpty();
    assertThatExceptionOfType(ObjectStoreException.Missing.class)
        .isThrownBy(() -> store().get("a/b").close());
  }

  @Test
  void uploadsAbandonedLongAgoAreRemovedAndRunningOnesAreKept() throws IOException {
    // Given
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    Path incoming = Files.createDirectories(folder.resolve("store/.incoming"));
    Path running = Files.writeString(incoming.resolve("running"), "x");
    Files.setLastModifiedTime(running, FileTime.from(now.minusSeconds(6 * 3600)));
    Path abandoned = Files.writeString(incoming.resolve("abandoned"), "x");
    Files.setLastModifiedTime(abandoned, FileTime.from(now.minusSeconds(25 * 3600)));

    // When
    var settings = new StoreSettings.Directory(folder.resolve("store"), true);
    DirectoryObjectStore.open(settings, Clock.fixed(now, ZoneOffset.UTC)).close();

    // Then
    assertThat(running).exists();
    assertThat(abandoned).doesNotExist();
  }

  @Test
  void strangeFilesInTheRootAreNotListed() throws IOException {
    put("a", "x");
    Files.writeString(folder.resolve("store/.hidden"), "x");

    assertThat(store().list("", null, 10)).containsExactly(new ObjectStore.ObjectInfo("a", 1));
  }
}
