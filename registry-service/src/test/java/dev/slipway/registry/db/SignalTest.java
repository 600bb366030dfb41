package dev.slipway.registry.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SignalTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Signal signal = new Signal();

  private CompletableFuture<Boolean> waiter(long seen) {
    var result = new CompletableFuture<Boolean>();
    Thread.ofVirtual().start(() -> {
      try {
        result.complete(signal.awaitPast(seen, LONG));
      } catch (InterruptedException e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  @Test
  void whoLookedBeforeItWasRaisedIsWokenEvenIfItWaitsAfterwards()
      throws InterruptedException, ExecutionException, TimeoutException {
    long seen = signal.count();
    signal.raise();

    assertThat(waiter(seen).get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nobodyWaitsForWhatHasEnded()
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Boolean> before = waiter(signal.count());

    signal.end();

    assertThat(before.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(waiter(signal.count()).get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(signal.isEnded()).isTrue();
  }
}
