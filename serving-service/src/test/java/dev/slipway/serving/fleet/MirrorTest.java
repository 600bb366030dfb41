package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.report.ShadowStats;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.testing.Feeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private static final List<Tensor> ROW = List.of(tensor(8));

  private final Mirror mirror = new Mirror();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger unused = new AtomicInteger();

  @AfterEach
  void stop() {
    gate.countDown();
    mirror.close();
  }

  @Test
  void aVersionThatHangsMakesNobodyWaitAndWhatFindsNoRoomIsCounted() {
    Servable slow = servable(new Waiting());
    mirror.start();

    long begin = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      mirror.offer(slow, ROW, Set.of(), ROW);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    assertThat(slow.stats().shadow().read().dropped()).isGreaterThanOrEqualTo(960);
    gate.countDown();
    await().untilAsserted(() -> {
      ShadowStats stats = slow.stats().shadow().read();
      assertThat(stats.compared() + stats.dropped()).isEqualTo(1_000);
      assertThat(stats.disagreed()).isZero();
    });
    slow.release();
    await()
        .untilAsserted(
            () -> assertThat(unused).as("every reference was given back").hasValue(1));
  }

  /** As where no direct memory is left, which other requests survive too. */
  @Test
  void aVersionThatFindsNoMemoryFailsTheRequestAndNotTheMirror() {
    Servable poor = servable(new OutOfMemory());
    mirror.start();

    mirror.offer(poor, ROW, Set.of(), ROW);
    await().untilAsserted(() -> assertThat(failed(poor)).isEqualTo(1));
    mirror.offer(poor, ROW, Set.of(), ROW);
    await().untilAsserted(() -> assertThat(failed(poor)).isEqualTo(2));

    poor.release();
    await()
        .untilAsserted(
            () -> assertThat(unused).as("every reference was given back").hasValue(1));
  }

  private static long failed(Servable servable) {
    ShadowStats stats = servable.stats().shadow().read();
    return stats == null ? 0 : stats.failed();
  }

  @Test
  void largeRequestsAreNotCopied() {
    Servable any = servable(new Waiting());
    mirror.offer(any, List.of(tensor(1 << 20)), Set.of(), ROW);
    assertThat(any.stats().shadow().read()).isEqualTo(new ShadowStats(0, 0, 0, 1, 0));
  }

  @Test
  void whatWaitsWhenTheGatewayStopsLetsGoOfTheVersion() {
    Servable any = servable(new Waiting());
    mirror.offer(any, ROW, Set.of(), ROW);
    mirror.close();
    any.release();
    assertThat(unused).hasValue(1);
  }

  private Servable servable(LoadedModel model) {
    var servable = new Servable(
        new ServableId("m", 2, Feeds.digest("v2"), LoadOptions.of(ServingSettings.defaults())),
        1,
        new ServableStats(),
        new ServableState.Loading(1),
        Instant.EPOCH,
        ignored -> unused.incrementAndGet());
    servable.moveTo(new ServableState.Ready(model, Duration.ZERO));
    return servable;
  }

  private static Tensor tensor(int bytes) {
    ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor("x", DataType.FP32, Shape.of(1, bytes / Float.BYTES), data);
  }

  /** Answers with its input, once it may. */
  private class Waiting implements LoadedModel {
    @Override
    public ModelSignature signature() {
      return new ModelSignature(List.of(), List.of());
    }

    @Override
    public Map<String, Object> metadata() {
      return Map.of();
    }

    @Override
    public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
        throws PredictException {
      try {
        gate.await();
      } catch (InterruptedException stopping) {
        throw new PredictException(PredictException.Kind.FAILED, "stopped", stopping);
      }
      return new Outputs() {
        @Override
        public List<Tensor> tensors() {
          return inputs;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }

  private final class OutOfMemory extends Waiting {
    @Override
    public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control) {
      throw new OutOfMemoryError("a test's");
    }
  }
}
