package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.serving.fleet.VersionSelector.Live;
import dev.slipway.serving.testing.EchoEngine;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.Feeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica does when something that it depends on is away or bad. */
class FleetSurvivesTest {
  @TempDir
  Path folder;

  private FakeRegistry registry;
  private TestReplica replica;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry(bucket(), Duration.ofMillis(500));
  }

  @AfterEach
  void stop() throws IOException {
    if (replica != null) {
      replica.close();
    }
    registry.close();
  }

  @Test
  void servesOnWithoutTheRegistryAndSaysSinceWhen() throws Exception {
    replica = start(Map.of("slipway.serving.stale-after", "1S"));
    serve("m", publish("one"));
    assertThat(replica.servables().staleSeconds()).isEqualTo(-1);

    registry.stop();
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.view().registry().staleSince() != null);

    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThat(replica.health().notReady()).isEmpty();
    assertThat(replica.servables().staleSeconds()).isNotNegative();
    assertThat(replica.view().registry().error()).contains("no connection");

    registry.start();
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.view().registry().staleSince() == null);
    assertThat(replica.view().registry().error()).isNull();
  }

  @Test
  void tooLongASilenceTurnsReadinessRedWhereThatIsAskedFor() throws Exception {
    replica =
        start(Map.of("slipway.serving.stale-after", "1S", "slipway.serving.max-staleness", "1S"));
    serve("m", publish("one"));

    registry.stop();

    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.health().notReady().isPresent());
    assertThat(replica.health().notReady().orElseThrow()).contains("max-staleness");
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
  }

  @Test
  void restartedWithoutRegistryAndStoreItPredictsFromItsDisk() throws Exception {
    replica = start(Map.of());
    serve("m", publish("one"));
    replica.close();
    registry.stop();
    Files.move(bucket(), folder.resolve("bucket-away"));

    replica = start(Map.of());

    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.health().notReady().isEmpty());
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThat(replica.view().registry().revision()).isEqualTo(1);
    Files.move(folder.resolve("bucket-away"), bucket());
  }

  @Test
  void withoutAnyFeedItIsNotReady() throws Exception {
    registry.stop();
    replica = start(Map.of());

    assertThat(replica.health().notReady().orElseThrow()).contains("no feed was seen yet");
    assertThat(replica.health().notAlive()).isEmpty();
  }

  @Test
  void anEmptyFeedIsAFeed() throws Exception {
    registry.feed(Feeds.feed(1));
    replica = start(Map.of());

    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.health().notReady().isEmpty());
  }

  @Test
  void aFlippedByteInTheBucketIsRefusedByDigestAndTheOldVersionServesOn() throws Exception {
    replica = start(Map.of());
    Digest one = publish("one");
    Digest two = publish("two");
    serve("m", one);
    Path object = bucket().resolve("blobs").resolve(Feeds.digest("two").hex());
    Files.writeString(object, "twp");

    registry.feed(Feeds.feed(
        2,
        Feeds.model("m", Feeds.version(1, one, Role.LIVE), Feeds.version(2, two, Role.PREPARE))));
    replica.awaitState("m", 2, State.FAILED);

    assertThat(replica.version("m", 2).error())
        .contains(two.value(), Feeds.digest("two").value(), Feeds.digest("twp").value());
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThat(replica.engine.loads).hasValue(1);
  }

  @Test
  void whileTheStoreIsAwayAVersionIsOnItsWayAndNotFailed() throws Exception {
    replica = start(Map.of());
    Digest one = publish("one");
    Files.move(bucket(), folder.resolve("bucket-away"));

    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .untilAsserted(() -> assertThat(replica.version("m", 1).error())
            .contains("the object store did not hand out"));

    assertThat(replica.version("m", 1).state()).isEqualTo(State.LOADING);
    assertThat(replica.health().notReady().orElseThrow())
        .contains("live versions not loaded yet: m");
    Files.move(folder.resolve("bucket-away"), bucket());
    replica.awaitState("m", 1, State.READY);
    assertThat(replica.health().notReady()).isEmpty();
  }

  @Test
  void aLoadThatEndsInAnErrorOfTheVirtualMachineHasFailed() throws Exception {
    replica = start(Map.of());
    Digest one = publish("one");
    serve("m", one);

    registry.feed(Feeds.feed(
        2,
        Feeds.model(
            "m",
            Feeds.version(1, one, Role.LIVE),
            Feeds.version(2, publish("overflow"), Role.PREPARE))));
    replica.awaitState("m", 2, State.FAILED);

    assertThat(replica.version("m", 2).error()).contains("the load broke");
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
  }

  @Test
  void whatIsLiveIsHeardAndReportedInSpiteOfErrorsOfTheVirtualMachine() throws Exception {
    replica = start(Map.of());
    Digest one = publish("one");
    serve("m", one);

    replica.unlucky.addAll(Set.of("feed", "fleet", "report"));
    registry.feed(Feeds.feed(2, Feeds.model("m", Feeds.version(2, publish("two"), Role.LIVE))));
    replica.awaitRevision(2);
    replica.awaitState("m", 2, State.READY);

    assertThat(replica.unlucky).isEmpty();
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("two");
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .untilAsserted(() -> assertThat(registry.lastReport().revision()).isEqualTo(2));
  }

  @Test
  void aLiveVersionThatFailedForGoodDoesNotKeepTheOthersFromBeingServed() throws Exception {
    replica = start(Map.of());
    registry.feed(Feeds.feed(
        1,
        Feeds.model("bad", Feeds.version(1, publish("refuse"), Role.LIVE)),
        Feeds.model("good", Feeds.version(1, publish("one"), Role.LIVE))));

    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.health().notReady().isEmpty());
    assertThat(replica.ask("good", Live.ANY)).isEqualTo("one");
  }

  @Test
  void aDamagedCacheHealsFromTheStore() throws Exception {
    replica = start(Map.of());
    Digest one = publish("one");
    serve("m", one);
    replica.close();
    Path cached = folder.resolve("data/cache/sha256").resolve(one.hex()).resolve(EchoEngine.FILE);
    Files.writeString(cached, "bad");

    replica = start(Map.of());
    replica.awaitState("m", 1, State.READY);

    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
  }

  @Test
  void aPrepareBeyondTheMemoryBudgetFailsWithTheFigures() throws Exception {
    replica = start(Map.of("slipway.serving.memory-budget", "10M"));
    Digest one = publish("one");
    Digest two = publish("two");
    registry.feed(Feeds.feed(
        1,
        Feeds.model("m", Feeds.version(1, one, Role.LIVE), Feeds.version(2, two, Role.PREPARE))));

    replica.awaitState("m", 2, State.FAILED);
    replica.awaitState("m", 1, State.READY);

    assertThat(replica.version("m", 2).error()).contains("9 MiB", "of 10 MiB", "memory-budget");
  }

  @Test
  void twoProcessesDoNotShareADataDirectory() throws Exception {
    replica = start(Map.of());

    assertThatThrownBy(() -> start(Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is in use by another serving process");
  }

  private TestReplica start(Map<String, String> keys) throws IOException {
    return new TestReplica(registry, bucket(), folder.resolve("data"), new EchoEngine(), keys);
  }

  private void serve(String model, Digest digest) {
    registry.feed(Feeds.feed(1, Feeds.model(model, Feeds.version(1, digest, Role.LIVE))));
    replica.awaitState(model, 1, State.READY);
    replica.awaitRevision(1);
  }

  private Digest publish(String content) {
    return registry.publish(Map.of(EchoEngine.FILE, content));
  }

  private Path bucket() {
    return folder.resolve("bucket");
  }
}
