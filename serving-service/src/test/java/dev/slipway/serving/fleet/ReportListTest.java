package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Part;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.common.report.ReplicaReport.Stats;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportListTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MANY = 1_000;

  private final ReportList list = new ReportList();

  @Test
  void theWholeIsToldUntilTheRegistrySaysThatItKeepsIt() {
    ReplicaReport first = list.shorten(report(loaded("a", 0)));
    assertThat(first.part()).isNull();
    list.answered(OptionalLong.empty());
    ReplicaReport second = list.shorten(report(loaded("a", 0)));
    assertThat(second.part()).as("an older registry says nothing of lists").isNull();
    list.answered(OptionalLong.of(second.list()));
    assertThat(list.shorten(report(loaded("a", 0))).part())
        .isEqualTo(new Part(second.list(), List.of()));
  }

  @Test
  void onlyWhatChangedIsTold() {
    keep(many());
    List<Loaded> next = new ArrayList<>(many());
    next.set(7, loaded("m7", 12));
    ReplicaReport.Key gone = next.removeLast().key();

    ReplicaReport told = list.shorten(report(next));

    assertThat(told.loaded()).containsExactly(loaded("m7", 12));
    assertThat(told.part()).isEqualTo(new Part(told.list() - 1, List.of(gone)));
    list.answered(OptionalLong.of(told.list()));
    assertThat(list.shorten(report(next)).loaded()).isEmpty();
  }

  @Test
  void theWholeIsToldWhereMostOfItChanged() {
    keep(many());
    List<Loaded> next =
        IntStream.range(0, MANY).mapToObj(i -> loaded("m" + i, i % 2)).toList();
    ReplicaReport told = list.shorten(report(next));
    assertThat(told.part()).isNull();
    assertThat(told.loaded()).hasSize(MANY);
  }

  @Test
  void theWholeIsToldAfterAReportOfWhichNobodyKnowsWhetherItArrived() {
    keep(many());
    list.shorten(report(many()));
    list.unanswered();
    assertThat(list.shorten(report(many())).part()).isNull();
  }

  @Test
  void theWholeIsToldToARegistryThatKeepsAnotherList() {
    keep(many());
    list.shorten(report(many()));
    list.answered(OptionalLong.of(999));
    assertThat(list.isKept()).isFalse();
    assertThat(list.shorten(report(many())).part()).isNull();
  }

  @Test
  void aThousandQuietVersionsCostAFewBytesASecond() throws Exception {
    assertThat(size(list.shorten(report(many())))).isGreaterThan(200_000);
    keep(many());
    assertThat(size(list.shorten(report(many())))).isLessThan(400);
  }

  private static int size(ReplicaReport report) throws JsonProcessingException {
    return WireJson.mapper().writeValueAsString(report).getBytes(StandardCharsets.UTF_8).length;
  }

  private void keep(List<Loaded> loaded) {
    list.answered(OptionalLong.of(list.shorten(report(loaded)).list()));
  }

  private static List<Loaded> many() {
    return IntStream.range(0, MANY).mapToObj(i -> loaded("m" + i, 0)).toList();
  }

  private static Loaded loaded(String model, long requests) {
    long[] counts = new long[LatencyHistogram.BUCKETS];
    counts[3] = requests;
    Digest digest = Digest.of(model.getBytes(StandardCharsets.UTF_8));
    var stats = new Stats(requests, 0, 0, LatencyHistogram.of(counts));
    return new Loaded(model, 1, digest, State.READY, null, 12L, 4_096L, stats);
  }

  private static ReplicaReport report(Loaded loaded) {
    return report(List.of(loaded));
  }

  private static ReplicaReport report(List<Loaded> loaded) {
    return new ReplicaReport("r", "http://r", NOW, NOW, "e", 1, null, loaded);
  }
}
