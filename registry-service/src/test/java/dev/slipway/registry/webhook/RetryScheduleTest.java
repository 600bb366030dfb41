package dev.slipway.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
  @Test
  void waitsGrowFromOneSecondUntilItIsGivenUp() {
    assertThat(RetrySchedule.next(1, 0, null)).contains(Duration.ofSeconds(1));
    assertThat(RetrySchedule.next(2, 0, null)).contains(Duration.ofSeconds(2));
    assertThat(RetrySchedule.next(3, 0, null)).contains(Duration.ofSeconds(4));
    assertThat(IntStream.rangeClosed(1, 8)
            .mapToObj(attempt -> RetrySchedule.next(attempt, 0, null).orElseThrow()))
        .isSorted();
    assertThat(RetrySchedule.next(9, 0, null)).isEmpty();
  }

  @Test
  void jitterAddsUpToAFifth() {
    assertThat(RetrySchedule.next(1, 1, null)).contains(Duration.ofMillis(1200));
  }

  @Test
  void aReceiverMayAskForALongerPauseWithinReason() {
    assertThat(RetrySchedule.next(1, 0, Duration.ofSeconds(30))).contains(Duration.ofSeconds(30));
    assertThat(RetrySchedule.next(3, 0, Duration.ofSeconds(1))).contains(Duration.ofSeconds(4));
    assertThat(RetrySchedule.next(1, 0, Duration.ofDays(9))).contains(Duration.ofHours(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 408, 429, 500, 502, 503, 504})
  void whatMayGetBetterIsTriedAgain(int status) {
    assertThat(RetrySchedule.isTransient(status)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 400, 401, 404, 410, 501})
  void whatWillNotGetBetterIsNot(int status) {
    assertThat(RetrySchedule.isTransient(status)).isFalse();
  }
}
