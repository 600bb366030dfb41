package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.predict.InferenceException.Kind;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The model of these tests answers each row with itself; the first run waits for the latch, so that others find it busy. */
class BatcherTest {
  private static final Batcher.Limits LIMITS = new Batcher.Limits(1, 100, 8);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Batcher batcher = new Batcher(
      new BatchMeters(meters, Tags.empty(), new Tally(Clock.systemUTC())), this::allocate);
  private final CountDownLatch busy = new CountDownLatch(1);
  private final AtomicInteger open = new AtomicInteger();
  private final List<Integer> runs = new CopyOnWriteArrayList<>();
  private volatile boolean noMemoryForSeveral;
  private volatile boolean severalAreTooMany;
  private volatile boolean severalTakeLong;

  @AfterEach
  void everyAnswerIsClosed() {
    busy.countDown();
    await().untilAsserted(() -> assertThat(open.get()).isZero());
    assertThat(batcher.waiting()).isZero();
  }

  private TensorBuffer allocate(int bytes) {
    if (noMemoryForSeveral) {
      throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes of direct buffer memory");
    }
    return TensorBuffer.allocate(bytes);
  }

  private LoadedModel.Outputs echo(BatchInputs inputs, Set<String> outputs, long deadline)
      throws PredictException {
    runs.add((int) inputs.tensors().getFirst().shape().dimension(0));
    if (runs.size() == 1) {
      awaitOpen();
    }
    if (severalTakeLong && inputs.rows().size() > 1) {
      LockSupport.parkNanos(LONG.toNanos());
    }
    if (severalAreTooMany && inputs.rows().size() > 1) {
      throw new OutOfMemoryError("Cannot reserve direct buffer memory");
    }
    ByteBuffer data = inputs.tensors().getFirst().data();
    for (int i = data.position(); i < data.limit(); i += Float.BYTES) {
      if (data.getFloat(i) < 0) {
        throw new PredictException(PredictException.Kind.BAD_INPUT, "negative");
      }
    }
    return new Echo(inputs.tensors());
  }

  private void awaitOpen() {
    try {
      busy.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy, as a model's outputs are memory of their own. */
  private final class Echo implements LoadedModel.Outputs {
    private final List<Tensor> tensors;

    Echo(List<Tensor> inputs) {
      open.incrementAndGet();
      tensors = inputs.stream()
          .map(one -> {
            ByteBuffer copy =
                ByteBuffer.allocate(one.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
            copy.put(one.data().duplicate()).flip();
            return new Tensor("Y", one.datatype(), one.shape(), copy);
          })
          .toList();
    }

    @Override
    public List<Tensor> tensors() {
      return tensors;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  private static InferenceRequest request(int width, float... values) {
    ByteBuffer data =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    var tensor =
        new Tensor("X", DataType.FP32, Shape.of(values.length / width, width), data.flip());
    return new InferenceRequest(null, List.of(tensor), Set.of(), 0, List.of());
  }

  private CompletableFuture<Object> ask(
      Batcher.Limits limits, Duration time, int width, float... values) {
    return CompletableFuture.supplyAsync(
        () -> {
          long deadline = System.nanoTime() + time.toNanos();
          try (var answer = batcher.run(request(width, values), limits, deadline, this::echo)) {
            Tensor tensor = answer.tensors().getFirst();
            assertThat(tensor.shape()).isEqualTo(Shape.of(values.length / width, width));
            float[] came = new float[values.length];
            tensor
                .data()
                .duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(came);
            return came;
          } catch (PredictException | InferenceException e) {
            return e;
          }
        },
        VIRTUAL);
  }

  private CompletableFuture<Object> ask(int width, float... values) {
    return ask(LIMITS, Duration.ofMinutes(1), width, values);
  }

  private CompletableFuture<Object> queued(int waiting, int width, float... values) {
    CompletableFuture<Object> asked = ask(width, values);
    await().until(() -> batcher.waiting() == waiting);
    return asked;
  }

  private CompletableFuture<Object> occupy() {
    CompletableFuture<Object> first = ask(2, 9, 9);
    await().until(() -> runs.size() == 1);
    return first;
  }

  /** What comes after is the run's own time, which is counted as such. */
  @Test
  void theWaitEndsWhereTheRunBegins() {
    severalTakeLong = true;
    var first = ask(LIMITS, Duration.ofMinutes(1), 1, 1);
    await().until(() -> runs.size() == 1);
    var others = List.of(
        ask(LIMITS, Duration.ofMinutes(1), 1, 2),
        ask(LIMITS, Duration.ofMinutes(1), 1, 3),
        ask(LIMITS, Duration.ofMinutes(1), 1, 4));
    await().until(() -> batcher.waiting() == others.size());
    busy.countDown();
    first.join();
    others.forEach(CompletableFuture::join);
    assertThat(runs).containsExactly(1, 3);
    assertThat(meters.get("slipway_predict_batch_wait").timer().max(TimeUnit.MILLISECONDS))
        .isLessThan((double) LONG.toMillis());
  }

  @Test
  void whoFindsItIdleRunsAtOnceAndAlone() {
    busy.countDown();
    assertThat(ask(2, 1, 2).join()).isEqualTo(new float[] {1, 2});
    assertThat(ask(2, 3, 4).join()).isEqualTo(new float[] {3, 4});
    assertThat(runs).containsExactly(1, 1);
    assertThat(meters.get("slipway_predict_batch_wait").timer().count()).isZero();
  }

  @Test
  void whoFindsItBusyGoesWithTheOthersAndGetsItsOwnRows() {
    var first = occupy();
    var one = queued(1, 2, 1, 2);
    var two = queued(2, 2, 3, 4, 5, 6);
    var three = queued(3, 2, 7, 8);
    busy.countDown();
    assertThat(first.join()).isEqualTo(new float[] {9, 9});
    assertThat(one.join()).isEqualTo(new float[] {1, 2});
    assertThat(two.join()).isEqualTo(new float[] {3, 4, 5, 6});
    assertThat(three.join()).isEqualTo(new float[] {7, 8});
    assertThat(runs).containsExactly(1, 4);
    assertThat(meters.get("slipway_predict_batch_requests").summary().max()).isEqualTo(3);
  }

  @Test
  void otherShapesAndMoreRowsThanTheCapGoApart() {
    var first = occupy();
    var six = queued(1, 1, 1, 2, 3, 4, 5, 6);
    var wide = queued(2, 3, 1, 2, 3);
    var three = queued(3, 1, 7, 8, 9);
    var two = queued(4, 1, 1, 2);
    busy.countDown();
    List.of(first, six, wide, three, two)
        .forEach(one -> assertThat(one.join()).isInstanceOf(float[].class));
    assertThat(runs).containsExactly(1, 8, 1, 3);
  }

  @Test
  void oneBadRequestDoesNotSpoilTheOthers() {
    var first = occupy();
    var good = queued(1, 2, 1, 2);
    var bad = queued(2, 2, -1, 2);
    var fine = queued(3, 2, 5, 6);
    busy.countDown();
    assertThat(first.join()).isInstanceOf(float[].class);
    assertThat(good.join()).isEqualTo(new float[] {1, 2});
    assertThat(fine.join()).isEqualTo(new float[] {5, 6});
    assertThat(bad.join()).isInstanceOf(PredictException.class);
  }

  @Test
  void withoutMemoryForAllTogetherEachRunsAlone() {
    noMemoryForSeveral = true;
    var first = occupy();
    var one = queued(1, 2, 1, 2);
    var two = queued(2, 2, 3, 4);
    busy.countDown();
    assertThat(first.join()).isEqualTo(new float[] {9, 9});
    assertThat(one.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(new float[] {1, 2});
    assertThat(two.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(new float[] {3, 4});
    assertThat(runs).containsExactly(1, 1, 1);
  }

  @Test
  void anErrorOfTheRunForAllIsNobodysEnd() {
    severalAreTooMany = true;
    var first = occupy();
    var one = queued(1, 2, 1, 2);
    var two = queued(2, 2, 3, 4);
    busy.countDown();
    assertThat(first.join()).isEqualTo(new float[] {9, 9});
    assertThat(one.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(new float[] {1, 2});
    assertThat(two.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(new float[] {3, 4});
    assertThat(runs).containsExactly(1, 2, 1, 1);
  }

  @Test
  void whoseDeadlinePassesWhileWaitingIsToldSo() {
    var first = occupy();
    var late = ask(LIMITS, Duration.ofMillis(20), 2, 1, 2);
    assertThat(late.join())
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEADLINE));
    busy.countDown();
    assertThat(first.join()).isInstanceOf(float[].class);
    assertThat(runs).containsExactly(1);
  }

  @Test
  void moreThanMayWaitIsBusy() {
    var first = occupy();
    var waiting = queued(1, 2, 1, 2);
    var error = catchThrowableOfType(
        InferenceException.class,
        () ->
            batcher.run(request(2, 1, 2), new Batcher.Limits(1, 1, 8), Long.MAX_VALUE, this::echo));
    assertThat(error.kind()).isEqualTo(Kind.BUSY);
    busy.countDown();
    assertThat(first.join()).isInstanceOf(float[].class);
    assertThat(waiting.join()).isInstanceOf(float[].class);
  }
}
