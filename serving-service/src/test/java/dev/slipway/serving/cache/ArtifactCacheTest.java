package dev.slipway.serving.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.serving.cache.ArtifactException.Kind;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.StoredManifest;
import dev.slipway.serving.registry.StoredManifest.StoredFile;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.Feeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {
  @TempDir
  Path folder;

  private FakeRegistry registry;
  private RegistryClient client;
  private ArtifactCache cache;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry(bucket(), Duration.ofMillis(100));
    client = new RegistryClient(registry.url(), FakeRegistry.TOKEN);
    cache = open(1_000);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void bringsExactlyTheManifestsFiles() throws Exception {
    Digest digest = registry.publish(Map.of("model.onnx", "graph", "data/weights.bin", "numbers"));

    try (CachedVersion version = cache.open(digest)) {
      assertThat(Files.readString(version.folder().resolve("model.onnx"))).isEqualTo("graph");
      assertThat(Files.readString(version.folder().resolve("data/weights.bin")))
          .isEqualTo("numbers");
      try (var all = Files.walk(version.folder())) {
        assertThat(all.filter(Files::isRegularFile)).hasSize(2);
      }
      assertThat(version.totalSize()).isEqualTo(12);
    }
    assertThat(cache.use().bytes()).isEqualTo(12);
  }

  @Test
  void opensAgainWithoutRegistryAndStore() throws Exception {
    Digest digest = registry.publish(Map.of("f", "content"));
    cache.open(digest).close();
    registry.stop();
    Files.move(bucket(), folder.resolve("away"));

    try (CachedVersion version = open(1_000).open(digest)) {
      assertThat(Files.readString(version.folder().resolve("f"))).isEqualTo("content");
    }
    assertThat(registry.manifestRequests).hasValue(1);
  }

  @Test
  void manyWhoOpenAtOnceFetchOnce() throws Exception {
    Digest digest = registry.publish(Map.of("f", "x".repeat(900)));
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CachedVersion>> opened = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        opened.add(pool.submit(() -> cache.open(digest)));
      }
      for (Future<CachedVersion> each : opened) {
        each.get().close();
      }
    }
    assertThat(registry.manifestRequests).hasValue(1);
    assertThat(cache.use().bytes()).as("a second copy would break the quota").isEqualTo(900);
  }

  @Test
  void aFlippedByteInTheStoreIsRefusedWithBothDigests() throws Exception {
    Digest digest = registry.publish(Map.of("f", "right"));
    Files.writeString(object("right"), "wrong");

    assertThatThrownBy(() -> cache.open(digest))
        .isInstanceOfSatisfying(
            ArtifactException.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining(digest.value())
        .hasMessageContaining(Feeds.digest("right").value())
        .hasMessageContaining(Feeds.digest("wrong").value());
    assertThat(cache.use().bytes()).isZero();
    assertNothingHalfFetched();
  }

  @Test
  void anObjectOfAnotherLengthIsRefused() throws Exception {
    Digest digest = registry.publish(Map.of("f", "right"));

    Files.writeString(object("right"), "right and more");
    assertThatThrownBy(() -> cache.open(digest))
        .hasMessageContaining("more than 5 bytes, expected 5");
    Files.writeString(object("right"), "rig");
    assertThatThrownBy(() -> cache.open(digest)).hasMessageContaining("has 3 bytes, expected 5");
  }

  @Test
  void aByteFlippedOnThisDiskIsNoticedWhenOpenedAndFetchedAgain() throws Exception {
    Digest digest = registry.publish(Map.of("f", "right"));
    cache.open(digest).close();
    Files.writeString(cached(digest).resolve("f"), "wrong");

    try (CachedVersion version = cache.open(digest)) {
      assertThat(Files.readString(version.folder().resolve("f"))).isEqualTo("right");
    }
    assertThat(cache.use().versions()).isEqualTo(1);
  }

  @Test
  void aDamagedCopyIsNotOpenedWhileTheStoreIsAway() throws Exception {
    Digest digest = registry.publish(Map.of("f", "right"));
    cache.open(digest).close();
    Files.writeString(cached(digest).resolve("f"), "wrong");
    Files.move(bucket(), folder.resolve("away"));

    assertThatThrownBy(() -> cache.open(digest))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            failed -> assertThat(failed.kind()).isEqualTo(Kind.STORE_UNREACHABLE))
        .hasMessageContaining(digest.value());

    Files.move(folder.resolve("away"), bucket());
    cache.open(digest).close();
  }

  @Test
  void aLostObjectIsNamedAndTheManifestAskedForAgain() throws Exception {
    Digest digest = registry.publish(Map.of("f", "right"));
    Files.delete(object("right"));

    assertThatThrownBy(() -> cache.open(digest))
        .isInstanceOfSatisfying(
            ArtifactException.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.MISSING))
        .hasMessageContaining("the store has lost file 'f'");

    registry.publish(Map.of("f", "right"));
    cache.open(digest).close();
    assertThat(registry.manifestRequests).hasValue(2);
  }

  @Test
  void aManifestThatIsNotWhatWasAskedForIsRefused() throws Exception {
    Digest asked = registry.publish(Map.of("f", "right"));
    registry.publishAs(
        asked,
        new StoredManifest(
            List.of(new StoredFile(new ArtifactPath("f"), 5, Feeds.digest("wrong"), "blobs/x"))));

    assertThatThrownBy(() -> cache.open(asked))
        .isInstanceOfSatisfying(
            ArtifactException.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining(asked.value());
  }

  @Test
  void evictsTheLeastRecentlyUsedThatNobodyNeeds() throws Exception {
    Digest named = publish("named", 300);
    Digest older = publish("older", 300);
    Digest newer = publish("newer", 300);
    cache.open(named).close();
    cache.open(older).close();
    cache.open(newer).close();
    cache.keep(Set.of(named));
    cache.open(older).close();

    cache.open(publish("next", 300)).close();

    assertThat(cached(named)).exists();
    assertThat(cached(older)).exists();
    assertThat(cached(newer)).doesNotExist();
    assertThat(cache.use().evictions()).isEqualTo(1);
    assertThat(cache.use().bytes()).isEqualTo(900);
  }

  @Test
  void neverEvictsWhatIsOpenOrNamedAndSaysWhatItNeeds() throws Exception {
    Digest open = publish("open", 500);
    Digest named = publish("named", 400);
    cache.keep(Set.of(named));
    cache.open(named).close();
    try (CachedVersion held = cache.open(open)) {
      assertThatThrownBy(() -> cache.open(publish("next", 200)))
          .isInstanceOfSatisfying(
              ArtifactException.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.QUOTA))
          .hasMessageContaining("needs 200 bytes; the cache holds 900 of 1000 bytes");
      assertThat(held.folder()).exists();
    }

    cache.open(publish("next", 200)).close();
    assertThat(cached(open)).doesNotExist();
  }

  @Test
  void remembersAcrossARestartWhatWasUsedLast() throws Exception {
    Digest older = publish("older", 400);
    Digest newer = publish("newer", 400);
    cache.open(newer).close();
    cache.open(older).close();
    Files.setLastModifiedTime(cached(older), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

    open(1_000).open(publish("next", 400)).close();

    assertThat(cached(older)).doesNotExist();
    assertThat(cached(newer)).exists();
  }

  @Test
  void aStartClearsWhatAKilledFetchLeft() throws Exception {
    Path left = folder.resolve("cache/tmp/killed");
    Files.createDirectories(left);
    Files.writeString(left.resolve("half"), "half");

    open(1_000);

    assertNothingHalfFetched();
    assertThat(cache.use().versions()).isZero();
  }

  @Test
  void aRegistryThatIsAwayIsAFailureThatPasses() throws Exception {
    Digest digest = registry.publish(Map.of("f", "right"));
    registry.stop();

    assertThatThrownBy(() -> cache.open(digest))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            failed -> assertThat(failed.kind()).isEqualTo(Kind.REGISTRY_UNREACHABLE));

    registry.start();
    cache.open(digest).close();
  }

  private ArtifactCache open(long maxBytes) throws IOException {
    return new ArtifactCache(
        folder.resolve("cache"),
        client::manifest,
        new LateStore(() -> ObjectStores.open(new StoreSettings.Directory(bucket(), false))),
        maxBytes,
        Clock.systemUTC());
  }

  private Digest publish(String name, int size) {
    return registry.publish(Map.of(name, name.substring(0, 1).repeat(size)));
  }

  private void assertNothingHalfFetched() throws IOException {
    try (var left = Files.list(folder.resolve("cache/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private Path bucket() {
    return folder.resolve("bucket");
  }

  private Path object(String content) {
    return bucket().resolve("blobs").resolve(Feeds.digest(content).hex());
  }

  private Path cached(Digest digest) {
    return folder.resolve("cache/sha256").resolve(digest.hex());
  }
}
