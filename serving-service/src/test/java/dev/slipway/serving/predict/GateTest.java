package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.serving.predict.InferenceException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Gate.Limits ONE_AND_ONE = new Gate.Limits(1, 1);

  private final Gate gate = new Gate();

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  @Test
  void moreThanMayWaitIsBusy() throws InferenceException {
    // Given
    gate.enter(ONE_AND_ONE, in(Duration.ofMinutes(1)));
    var entered = new CountDownLatch(1);
    Thread waiter = Thread.ofVirtual().start(() -> {
      try {
        gate.enter(ONE_AND_ONE, in(Duration.ofMinutes(1)));
        entered.countDown();
      } catch (InferenceException e) {
        throw new IllegalStateException(e);
      }
    });
    await().until(() -> gate.waiting() == 1);
    // When
    var error = catchThrowableOfType(
        InferenceException.class, () -> gate.enter(ONE_AND_ONE, in(Duration.ofMinutes(1))));
    // Then
    assertThat(error.kind()).isEqualTo(Kind.BUSY);
    assertThat(gate.tryEnter(ONE_AND_ONE)).isFalse();
    gate.exit();
    await().until(() -> entered.getCount() == 0);
    await().until(() -> !waiter.isAlive());
    assertThat(gate.running()).isEqualTo(1);
  }

  @Test
  void whoWaitsTooLongIsToldSo() throws InferenceException {
    gate.enter(ONE_AND_ONE, in(Duration.ofMinutes(1)));
    var error = catchThrowableOfType(
        InferenceException.class, () -> gate.enter(ONE_AND_ONE, in(Duration.ofMillis(20))));
    assertThat(error.kind()).isEqualTo(Kind.DEADLINE);
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void neverMoreRunThanTheLimit() {
    var limits = new Gate.Limits(3, 1000);
    var most = new AtomicInteger();
    var inside = new AtomicInteger();
    var done = new AtomicInteger();
    for (int i = 0; i < 500; i++) {
      Thread.ofVirtual().start(() -> {
        try {
          gate.enter(limits, in(Duration.ofMinutes(1)));
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          inside.decrementAndGet();
          gate.exit();
          done.incrementAndGet();
        } catch (InferenceException e) {
          throw new IllegalStateException(e);
        }
      });
    }
    await().until(() -> done.get() == 500);
    assertThat(most.get()).isBetween(1, 3);
    assertThat(gate.running()).isZero();
  }
}
