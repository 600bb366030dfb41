package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.serving.fleet.NotServedException.Reason;
import dev.slipway.serving.fleet.VersionSelector.Exact;
import dev.slipway.serving.fleet.VersionSelector.Live;
import dev.slipway.serving.testing.EchoEngine;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.Feeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFollowsTheFeedTest {
  @TempDir
  Path folder;

  private FakeRegistry registry;
  private TestReplica replica;
  private Digest one;
  private Digest two;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry(folder.resolve("bucket"), Duration.ofSeconds(2));
    replica = new TestReplica(registry, folder.resolve("bucket"), folder.resolve("data"));
    one = publish("one");
    two = publish("two");
  }

  @AfterEach
  void stop() throws IOException {
    replica.close();
    registry.close();
  }

  @Test
  void aRegistryThatHasLostTheListIsToldTheWholeAgain() {
    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    replica.awaitState("m", 1, State.READY);
    Awaitility.await().atMost(TestReplica.PATIENCE).until(() -> registry.partialReports.get() > 0);
    registry.forgetful = true;
    int before = registry.reports.size();
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> registry.reports.size() > before + 1);
    assertThat(registry.lastReport().loaded()).hasSize(1);
  }

  @Test
  void whatNobodyHasTriedIsTriedElsewhereFirstAndNotLoadedHereWhenItFailsThere() {
    replica.objection.set("the process that tried it crashed");
    registry.feed(Feeds.feed(
        1,
        Feeds.model(
            "m",
            Feeds.version(1, one, Role.LIVE),
            Feeds.untried(Feeds.version(2, two, Role.PREPARE)))));
    replica.awaitState("m", 1, State.READY);
    replica.awaitState("m", 2, State.FAILED);
    assertThat(replica.version("m", 2).error()).contains("crashed");
    assertThat(replica.engine.loads).as("of the version that was tried").hasValue(1);

    replica.objection.set(null);
    registry.feed(Feeds.feed(
        2,
        Feeds.model(
            "m",
            Feeds.version(1, one, Role.LIVE),
            Feeds.untried(Feeds.version(2, two, Role.PREPARE)))));
    replica.awaitState("m", 2, State.READY);
  }

  @Test
  void servesTheLiveVersionAndReportsItWithItsCounts() throws Exception {
    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    replica.awaitState("m", 1, State.READY);

    try (ServableHandle handle = replica.servables().acquire("m", Live.ANY)) {
      assertThat(handle.version()).isEqualTo(1);
      assertThat(handle.digest()).isEqualTo(one);
      handle.record(2_000_000, false, false);
      handle.record(3_000_000, true, true);
    }

    Awaitility.await().atMost(TestReplica.PATIENCE).untilAsserted(() -> {
      ReplicaReport report = registry.lastReport();
      assertThat(report.epoch()).isEqualTo("epoch-1");
      assertThat(report.revision()).isEqualTo(1);
      ReplicaReport.Loaded loaded = report.loaded().getFirst();
      assertThat(loaded.state()).isEqualTo(State.READY);
      assertThat(loaded.digest()).isEqualTo(one);
      assertThat(loaded.loadMs()).isNotNull();
      assertThat(loaded.stats().requests()).isEqualTo(2);
      assertThat(loaded.stats().errors()).isEqualTo(1);
      assertThat(loaded.stats().nonFinite()).isEqualTo(1);
    });
    assertThat(replica.servables().models()).containsExactly("m");
    assertThat(replica.servables().versions("m")).containsExactly(1);
  }

  @Test
  void aPreparedVersionIsReadyAndAnswersNobody() throws Exception {
    registry.feed(Feeds.feed(
        1,
        Feeds.model("m", Feeds.version(1, one, Role.LIVE), Feeds.version(2, two, Role.PREPARE))));
    replica.awaitState("m", 1, State.READY);
    replica.awaitState("m", 2, State.READY);

    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThatThrownBy(() -> replica.ask("m", new Exact(2)))
        .isInstanceOf(NotServedException.class)
        .hasMessageContaining("version 2 of model 'm' is not served");
  }

  @Test
  void switchesAndSaysSoAtOnceWhileALoadIsInProgress() throws Exception {
    CountDownLatch gate = replica.engine.hold("slow");
    Digest slow = publish("slow");
    registry.feed(Feeds.feed(
        1,
        Feeds.model("m", Feeds.version(1, one, Role.LIVE), Feeds.version(2, two, Role.STANDBY))));
    replica.awaitState("m", 1, State.READY);
    replica.awaitState("m", 2, State.READY);
    List<Long> millis = new ArrayList<>();

    for (long revision = 2; revision < 12; revision++) {
      boolean back = revision % 2 == 0;
      long start = System.nanoTime();
      registry.feed(Feeds.feed(
          revision,
          Feeds.model(
              "m",
              Feeds.version(1, one, back ? Role.STANDBY : Role.LIVE),
              Feeds.version(2, two, back ? Role.LIVE : Role.STANDBY),
              Feeds.version(3, slow, Role.PREPARE))));
      awaitReported(revision);
      millis.add((System.nanoTime() - start) / 1_000_000);
      assertThat(replica.ask("m", Live.ANY)).isEqualTo(back ? "two" : "one");
    }

    assertThat(replica.version("m", 3).state()).isEqualTo(State.LOADING);
    assertThat(millis.stream().sorted().toList().get(millis.size() / 2))
        .as("median of %s ms: far below the second between two reports", millis)
        .isLessThan(400);
    gate.countDown();
    replica.awaitState("m", 3, State.READY);
  }

  @Test
  void aVersionThatFailsToLoadIsReportedWithItsReasonAndTheOldOneServesOn() throws Exception {
    Digest bad = publish("refuse");
    registry.feed(Feeds.feed(
        1,
        Feeds.model("m", Feeds.version(1, one, Role.LIVE), Feeds.version(2, bad, Role.PREPARE))));
    replica.awaitState("m", 1, State.READY);
    replica.awaitState("m", 2, State.FAILED);

    assertThat(replica.version("m", 2).error()).isEqualTo("operator NoSuchOp is not known");
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");

    registry.feed(Feeds.feed(2, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    replica.awaitRevision(2);
    assertThat(replica.version("m", 2)).isNull();
  }

  @Test
  void aNewReleaseOfAFailedVersionIsTriedAgain() throws Exception {
    Digest bad = publish("refuse");
    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(2, bad, Role.PREPARE))));
    replica.awaitState("m", 2, State.FAILED);
    int loads = replica.engine.loads.get();

    registry.feed(Feeds.feed(2, Feeds.model("m", Feeds.version(2, bad, Role.PREPARE))));

    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.engine.loads.get() == loads + 1);
    replica.awaitState("m", 2, State.FAILED);
  }

  @Test
  void aModelThatBreaksOnItsFirstRunIsNotReadyAndAPickyOneIs() throws Exception {
    registry.feed(Feeds.feed(
        1,
        Feeds.model("broken", Feeds.version(1, publish("break"), Role.LIVE)),
        Feeds.model("picky", Feeds.version(1, publish("picky"), Role.LIVE))));

    replica.awaitState("broken", 1, State.FAILED);
    replica.awaitState("picky", 1, State.READY);
    assertThat(replica.version("broken", 1).error()).contains("the kernel broke");
    assertThat(replica.engine.open).hasValue(1);
  }

  @Test
  void nothingAnswersForALiveVersionThatIsNotReadyHere() throws Exception {
    CountDownLatch gate = replica.engine.hold("slow");
    Digest slow = publish("slow");
    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    replica.awaitState("m", 1, State.READY);

    registry.feed(Feeds.feed(2, Feeds.model("m", Feeds.version(2, slow, Role.LIVE))));
    replica.awaitRevision(2);

    assertThatThrownBy(() -> replica.ask("m", Live.ANY))
        .isInstanceOfSatisfying(
            NotServedException.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.NOT_READY))
        .hasMessageContaining("version 2 of model 'm' is live and not ready");
    gate.countDown();
    replica.awaitState("m", 2, State.READY);
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("slow");
  }

  @Test
  void aRequestEndsOnTheVersionItBeganOnAndThatClosesElsewhere() throws Exception {
    registry.feed(Feeds.feed(
        1,
        Feeds.model("m", Feeds.version(1, one, Role.LIVE), Feeds.version(2, two, Role.STANDBY))));
    replica.awaitState("m", 1, State.READY);
    replica.awaitState("m", 2, State.READY);
    ServableHandle begun = replica.servables().acquire("m", Live.ANY);

    registry.feed(Feeds.feed(2, Feeds.model("m", Feeds.version(2, two, Role.LIVE))));
    replica.awaitState("m", 1, State.DRAINING);

    assertThat(begun.loaded().metadata()).containsEntry("content", "one");
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("two");
    begun.close();
    Awaitility.await().atMost(TestReplica.PATIENCE).until(() -> replica.version("m", 1) == null);
    assertThat(replica.engine.misuses).hasValue(0);
    assertThat(replica.engine.closingThreads).allMatch(name -> name.startsWith("close-"));
  }

  @Test
  void newThreadSettingsReloadWithoutAGap() throws Exception {
    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    replica.awaitState("m", 1, State.READY);
    CountDownLatch gate = replica.engine.hold("one");
    var threads = new ServingSettings(2, null, null, null, null, null, null, null, null);

    registry.feed(Feeds.feed(2, Feeds.model("m", threads, Feeds.version(1, one, Role.LIVE))));
    replica.awaitRevision(2);
    Awaitility.await().atMost(TestReplica.PATIENCE).until(() -> replica.engine.loads.get() == 2);

    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThat(replica.version("m", 1).state()).isEqualTo(State.READY);
    gate.countDown();
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> replica.engine.closingThreads.size() == 1);
    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThat(replica.engine.open).hasValue(1);
  }

  @Test
  void aVersionUnwantedAndWantedAgainWhileItLoadsEndsReadyOnce() throws Exception {
    CountDownLatch gate = replica.engine.hold("slow");
    Digest slow = publish("slow");
    registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, slow, Role.LIVE))));
    Awaitility.await().atMost(TestReplica.PATIENCE).until(() -> replica.engine.loads.get() == 1);
    registry.feed(Feeds.feed(2));
    replica.awaitRevision(2);
    registry.feed(Feeds.feed(3, Feeds.model("m", Feeds.version(1, slow, Role.LIVE))));
    replica.awaitRevision(3);

    gate.countDown();

    replica.awaitState("m", 1, State.READY);
    Awaitility.await().atMost(TestReplica.PATIENCE).until(() -> replica.engine.open.get() == 1);
    assertThat(replica.engine.misuses).hasValue(0);
  }

  @Test
  void anOlderRevisionIsIgnored() throws Exception {
    registry.feed(Feeds.feed(5, Feeds.model("m", Feeds.version(1, one, Role.LIVE))));
    replica.awaitState("m", 1, State.READY);
    int asked = registry.feedRequests.get();

    registry.feed(Feeds.feed(4, Feeds.model("m", Feeds.version(2, two, Role.LIVE))));
    Awaitility.await()
        .atMost(TestReplica.PATIENCE)
        .until(() -> registry.feedRequests.get() >= asked + 3);

    assertThat(replica.ask("m", Live.ANY)).isEqualTo("one");
    assertThat(replica.view().registry().revision()).isEqualTo(5);
  }

  private Digest publish(String content) {
    return registry.publish(Map.of(EchoEngine.FILE, content));
  }

  private void awaitReported(long revision) {
    Awaitility.await("report of " + revision)
        .atMost(TestReplica.PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> registry.lastReport() != null && registry.lastReport().revision() == revision);
  }
}
