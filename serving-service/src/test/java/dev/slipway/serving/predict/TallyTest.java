package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.predict.InferenceStatistics.Batch;
import dev.slipway.serving.predict.InferenceStatistics.Total;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

  private final Tally tally = new Tally(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void nothingIsZero() {
    var none = new Total(0, 0);
    assertThat(tally.read())
        .isEqualTo(new InferenceStatistics(0, 0, 0, none, none, none, none, none, none, List.of()));
  }

  @Test
  void aRunCountsOnceAndForEachRequestItAnswered() {
    tally.ran(5, 2, 100);
    tally.ran(3, 1, 50);
    tally.ran(5, 5, 10);
    InferenceStatistics read = tally.read();
    assertThat(read.executions()).isEqualTo(3);
    assertThat(read.infer()).isEqualTo(new Total(8, 2 * 100 + 50 + 5 * 10));
    assertThat(read.batches())
        .containsExactly(new Batch(3, new Total(1, 50)), new Batch(5, new Total(2, 110)));
  }

  @Test
  void anAnswerIsDividedIntoWhatItTook() {
    tally.waited(7);
    tally.answered(3, 1_000, new Prepared.Times(100, 130, 330), 40);
    InferenceStatistics read = tally.read();
    assertThat(read.inferences()).isEqualTo(3);
    assertThat(read.success()).isEqualTo(new Total(1, 1_000));
    assertThat(read.queue()).isEqualTo(new Total(1, 37));
    assertThat(read.input()).isEqualTo(new Total(1, 200));
    assertThat(read.output()).isEqualTo(new Total(1, 40));
    assertThat(read.lastInference()).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void callersCannotMakeUpSizesWithoutEnd() {
    IntStream.rangeClosed(1, 1_000).forEach(rows -> tally.ran(rows, 1, 1));
    InferenceStatistics read = tally.read();
    assertThat(read.batches()).hasSize(256);
    assertThat(read.executions()).isEqualTo(1_000);
  }
}
