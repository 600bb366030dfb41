package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.registry.release.Readiness.Heard;
import dev.slipway.registry.release.Readiness.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Digest DIGEST = Digest.of("v2".getBytes(StandardCharsets.UTF_8));
  private static final Digest OTHER = Digest.of("v1".getBytes(StandardCharsets.UTF_8));
  private static final Readiness.Target TARGET =
      new Readiness.Target("iris", Map.of("team", "a"), 2, DIGEST.value(), "e", 7);

  @Test
  void nobodyConnectedIsReadyOnNoneOfNone() {
    var result = Readiness.of(TARGET, List.of(), NOW);
    assertThat(result.outcome()).isEqualTo(Outcome.READY);
    assertThat(result.connected()).isZero();
  }

  @Test
  void everyConnectedReplicaMustHaveThatDigestReady() {
    var ready = heard("r1", 7, State.READY, DIGEST);
    assertThat(Readiness.of(TARGET, List.of(ready), NOW).outcome()).isEqualTo(Outcome.READY);
    assertThat(Readiness.of(TARGET, List.of(ready, heard("r2", 7, State.WARMING, DIGEST)), NOW)
            .outcome())
        .isEqualTo(Outcome.WAITING);
    assertThat(Readiness.of(TARGET, List.of(ready, heard("r2", 7, State.READY, OTHER)), NOW)
            .outcome())
        .isEqualTo(Outcome.WAITING);
  }

  /** A gateway loads each version for itself: until it has, the other with these bytes answers nobody who asks for this one. */
  @Test
  void anotherVersionOfTheSameBytesIsNotThisOne() {
    var twin =
        new Loaded("iris", 1, DIGEST, State.READY, null, null, null, ReplicaReport.Stats.none());
    var result = Readiness.of(TARGET, List.of(report("r1", 7, List.of(twin), null)), NOW);
    assertThat(result.outcome()).isEqualTo(Outcome.WAITING);
    assertThat(result.warm()).isZero();
  }

  @Test
  void failureNamesTheReplicaAndTheReason() {
    var result = Readiness.of(TARGET, List.of(heard("r1", 7, State.FAILED, DIGEST)), NOW);
    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.reason()).contains("r1").contains("bad operator");
  }

  @Test
  void failureOfAnEarlierAttemptIsNotHeld() {
    var result = Readiness.of(TARGET, List.of(heard("r1", 6, State.FAILED, DIGEST)), NOW);
    assertThat(result.outcome()).isEqualTo(Outcome.WAITING);
  }

  @Test
  void silentReplicaIsNotWaitedForAndIsListed() {
    var silent = new Heard(
        heard("r2", 7, State.LOADING, DIGEST).report(), NOW.minus(Duration.ofSeconds(11)));
    var result = Readiness.of(TARGET, List.of(heard("r1", 7, State.READY, DIGEST), silent), NOW);
    assertThat(result.outcome()).isEqualTo(Outcome.READY);
    assertThat(result.warm()).isEqualTo(1);
    assertThat(result.replicas())
        .extracting(ReplicaOutcome::replica, ReplicaOutcome::state)
        .contains(org.assertj.core.groups.Tuple.tuple("r2", ReplicaOutcome.NOT_HEARD_FROM));
  }

  @Test
  void replicaThatServesOtherModelsDoesNotCount() {
    var elsewhere = report("r2", 7, List.of(), new Selector(List.of("other"), Map.of()));
    var byTag = report("r3", 7, List.of(), new Selector(List.of(), Map.of("team", "b")));
    var result = Readiness.of(TARGET, List.of(elsewhere, byTag), NOW);
    assertThat(result.connected()).isZero();
    assertThat(result.outcome()).isEqualTo(Outcome.READY);
  }

  private static Heard heard(String replica, long revision, State state, Digest digest) {
    var loaded = new Loaded(
        "iris", 2, digest, state, state == State.FAILED ? "bad operator" : null, null, null, null);
    return report(replica, revision, List.of(loaded), null);
  }

  private static Heard report(
      String replica, long revision, List<Loaded> loaded, Selector selector) {
    return new Heard(
        new ReplicaReport(replica, null, NOW, NOW, "e", revision, selector, loaded), NOW);
  }
}
