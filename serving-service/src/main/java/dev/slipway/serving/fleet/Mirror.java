package dev.slipway.serving.fleet;

import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jboss.logging.Logger;

/**
 * Lets a version that is not live answer what the live one has answered, compares the two and drops the answer. One thread, a
 * short queue and a bound on size: a request that finds no room is not mirrored, and nobody waits.
 */
final class Mirror implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Mirror.class);
  private static final int PLACES = 32;
  private static final int MAX_BYTES = 256 << 10;
  private static final Duration LONGEST_RUN = Duration.ofSeconds(2);

  private final BlockingQueue<Copy> waiting = new ArrayBlockingQueue<>(PLACES);
  private final Thread thread = Thread.ofPlatform().daemon().name("mirror").unstarted(this::run);
  private volatile boolean stopped;

  /** A request with the live version's answer; it holds a reference to the servable. */
  private record Copy(
      Servable servable, List<Tensor> inputs, Set<String> wanted, List<Tensor> answer) {}

  void start() {
    thread.start();
  }

  /** Mirrors a request to {@code servable} if there is room. Copies what it keeps; never blocks. */
  void offer(Servable servable, List<Tensor> inputs, Set<String> wanted, List<Tensor> answer) {
    if (waiting.remainingCapacity() == 0 || bytes(inputs) + bytes(answer) > MAX_BYTES) {
      servable.stats().shadow().dropped();
      return;
    }
    if (!servable.retain()) {
      return;
    }
    boolean waits = false;
    try {
      waits = waiting.offer(new Copy(servable, copies(inputs), wanted, copies(answer)));
    } finally {
      // Also where there was no memory for the copies: what stays referred to stays loaded.
      if (!waits) {
        servable.release();
        servable.stats().shadow().dropped();
      }
    }
  }

  private void run() {
    while (!stopped) {
      try {
        Copy copy = waiting.take();
        try {
          replay(copy);
        } finally {
          copy.servable().release();
        }
      } catch (InterruptedException stopping) {
        return;
      } catch (RuntimeException | Error unexpected) {
        // An Error too, as where no direct memory is left: without this thread nothing would be
        // compared any more, and what waits would keep its version loaded.
        LOG.error("A mirrored request could not be compared", unexpected);
      }
    }
  }

  private static void replay(Copy copy) {
    ShadowCounts counts = copy.servable().stats().shadow();
    List<TensorBuffer> memory = new ArrayList<>();
    try (LoadedModel.Outputs outputs = copy.servable()
        .model()
        .predict(
            direct(copy.inputs(), memory),
            copy.wanted(),
            new RunControl(System.nanoTime() + LONGEST_RUN.toNanos()))) {
      copy.servable().stats().outputs().add(outputs.tensors());
      counts.compared(AnswerDifference.between(copy.answer(), outputs.tensors()));
    } catch (PredictException | RuntimeException | Error failed) {
      LOG.debugf(failed, "mirrored to %s", copy.servable().id());
      counts.failed();
    } finally {
      memory.forEach(TensorBuffer::close);
    }
  }

  private static List<Tensor> direct(List<Tensor> inputs, List<TensorBuffer> memory) {
    List<Tensor> tensors = new ArrayList<>();
    for (Tensor input : inputs) {
      TensorBuffer buffer = TensorBuffer.allocate(input.data().remaining());
      memory.add(buffer);
      buffer.data().put(0, input.data(), 0, input.data().remaining());
      tensors.add(new Tensor(input.name(), input.datatype(), input.shape(), buffer.data()));
    }
    return tensors;
  }

  private static List<Tensor> copies(List<Tensor> tensors) {
    return tensors.stream()
        .map(tensor ->
            new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), copy(tensor.data())))
        .toList();
  }

  private static ByteBuffer copy(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(data.position(), bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long bytes(List<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.data().remaining()).sum();
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    for (Copy copy = waiting.poll(); copy != null; copy = waiting.poll()) {
      copy.servable().release();
    }
  }
}
