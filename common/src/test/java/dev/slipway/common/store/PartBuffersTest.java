package dev.slipway.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PartBuffersTest {

  @Test
  void neverMoreBuffersThanTheBudgetHoldsAndEveryUploadGetsItsTurn() throws Exception {
    // Given
    var buffers = new PartBuffers(10, 35, Duration.ofSeconds(30));
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    List<Callable<Integer>> uploads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      uploads.add(() -> buffers.with("key", buffer -> {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        LockSupport.parkNanos(100_000);
        now.decrementAndGet();
        return buffer.length;
      }));
    }

    // When
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var upload : executor.invokeAll(uploads)) {
        assertThat(upload.get()).isEqualTo(10);
      }
    }

    // Then
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void uploadThatWaitsInVainIsToldToComeBack() {
    var buffers = new PartBuffers(10, 0, Duration.ofMillis(1));

    buffers.with("first", held -> {
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> buffers.with("second", buffer -> buffer))
          .withMessageContaining("too many uploads")
          .satisfies(refusal -> assertThat(refusal.key()).isEqualTo("second"));
      return held;
    });
  }

  @Test
  void uploadThatFailsGivesItsBufferBack() {
    var buffers = new PartBuffers(10, 10, Duration.ofMillis(1));
    var failure = new IllegalStateException("broken");

    assertThatThrownBy(() -> buffers.with("first", buffer -> {
          throw failure;
        }))
        .isSameAs(failure);

    assertThat(buffers.<Integer>with("second", buffer -> buffer.length)).isEqualTo(10);
  }
}
