package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.fleet.VersionSelector.Live;
import dev.slipway.serving.testing.EchoEngine;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.Feeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchUnderLoadTest {
  private static final int SWITCHES = 60;
  private static final int CALLERS = 4;

  @TempDir
  Path folder;

  /** The version that every request sent from now on must be answered by; 0 while a switch is under way. */
  private final AtomicInteger converged = new AtomicInteger();

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  private final ConcurrentLinkedQueue<String> wrongs = new ConcurrentLinkedQueue<>();

  /** Each switch loads the next version, moves to it, and lets the old one go: it closes under the callers' hands. */
  @Test
  void noRequestFailsNoneIsAnsweredByTheOldVersionAfterTheSwitchAndNothingIsUsedAfterItsClose()
      throws Exception {
    try (var registry = new FakeRegistry(folder.resolve("bucket"), Duration.ofSeconds(2));
        var replica = new TestReplica(registry, folder.resolve("bucket"), folder.resolve("data"))) {
      Digest[] digests = {publish(registry, "zero"), publish(registry, "one")};
      registry.feed(Feeds.feed(1, Feeds.model("m", Feeds.version(1, digests[1], Role.LIVE))));
      replica.awaitState("m", 1, State.READY);
      List<Thread> callers = startCallers(replica);

      for (int i = 1; i <= SWITCHES; i++) {
        int from = i;
        int to = i + 1;
        long revision = 2L * i;
        registry.feed(Feeds.feed(
            revision,
            Feeds.model(
                "m",
                Feeds.version(from, digests[from % 2], Role.LIVE),
                Feeds.version(to, digests[to % 2], Role.PREPARE))));
        replica.awaitState("m", to, State.READY);
        converged.set(0);
        registry.feed(Feeds.feed(
            revision + 1, Feeds.model("m", Feeds.version(to, digests[to % 2], Role.LIVE))));
        awaitReported(registry, revision + 1);
        converged.set(to);
      }

      stop.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(wrongs).isEmpty();
      assertThat(replica.engine.misuses).hasValue(0);
      assertThat(answers.get()).isGreaterThan(SWITCHES * 10L);
      Awaitility.await().atMost(TestReplica.PATIENCE).until(() -> replica.engine.open.get() == 1);
      assertThat(replica.meters.get("slipway.fleet.switches").counter().count())
          .isEqualTo(SWITCHES);
    }
  }

  private List<Thread> startCallers(TestReplica replica) {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Thread.ofPlatform().start(() -> {
        while (!stop.get()) {
          call(replica);
        }
      }));
    }
    return callers;
  }

  private void call(TestReplica replica) {
    int expected = converged.get();
    try (ServableHandle handle = replica.servables().acquire("m", Live.ANY)) {
      try (var outputs = handle.loaded().predict(List.of(), Set.of(), RunControl.UNLIMITED)) {
        outputs.tensors();
      }
      String content = (String) handle.loaded().metadata().get("content");
      if (!content.equals(handle.version() % 2 == 0 ? "zero" : "one")) {
        wrongs.add("version " + handle.version() + " answered " + content);
      }
      if (handle.version() < expected) {
        wrongs.add("version " + handle.version() + " answered after the switch to " + expected);
      }
      answers.incrementAndGet();
    } catch (NotServedException | PredictException failed) {
      wrongs.add(failed.toString());
    }
  }

  private static Digest publish(FakeRegistry registry, String content) {
    return registry.publish(Map.of(EchoEngine.FILE, content));
  }

  private static void awaitReported(FakeRegistry registry, long revision) {
    Awaitility.await("report of " + revision)
        .atMost(TestReplica.PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> registry.lastReport() != null && registry.lastReport().revision() >= revision);
  }
}
