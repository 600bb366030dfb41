package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long TINY = Duration.ofNanos(20_000).toNanos();
  private static final long LONG = Duration.ofMillis(10).toNanos();

  private final Pace pace = new Pace(Duration.ofNanos(100_000), Duration.ofMillis(2));

  @Test
  void anUnknownVersionMayBeLong() {
    assertThat(pace.isTiny()).isFalse();
    assertThat(pace.isLong()).isTrue();
    observe(1, TINY);
    assertThat(pace.isLong()).isFalse();
  }

  @Test
  void aVersionIsTinyOnlyAfterEnoughRequests() {
    observe(19, TINY);
    assertThat(pace.isTiny()).isFalse();
    observe(1, TINY);
    assertThat(pace.isTiny()).isTrue();
  }

  @Test
  void onePauseOfTheMachineDoesNotMakeItSlow() {
    observe(50, TINY);
    observe(1, Duration.ofSeconds(1).toNanos());
    assertThat(pace.isTiny()).isTrue();
  }

  @Test
  void whatBecomesSlowLeavesTheEventLoopAndMayComeBack() {
    observe(50, TINY);
    observe(50, LONG);
    assertThat(pace.isTiny()).isFalse();
    assertThat(pace.isLong()).isTrue();
    observe(200, TINY);
    assertThat(pace.isTiny()).isTrue();
  }

  private void observe(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      pace.observe(nanos);
    }
  }
}
