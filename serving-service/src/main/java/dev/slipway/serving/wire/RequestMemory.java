package dev.slipway.serving.wire;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.PredictConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that requests may hold at once while they arrive and are answered, over all connections and protocols: each is small
 * enough by its own limit, and a few hundred of them would still fill the heap and end the process. A quarter is kept for small
 * requests, so that they are answered while large ones are told to come back. Thread-safe.
 */
@Singleton
public class RequestMemory {
  /** What is no larger may use all of it. */
  private static final int SMALL = 8 << 10;

  private final long capacity;
  private final long forLarge;
  private final AtomicLong held = new AtomicLong();

  @Inject
  RequestMemory(PredictConfig config, MeterRegistry registry) {
    this(
        config.maxRequestMemory().isPresent()
            ? config.maxRequestMemory().get().asLongValue()
            : Runtime.getRuntime().maxMemory() / 2);
    Gauge.builder("slipway_request_memory_bytes", this, RequestMemory::held)
        .description("Bytes that requests hold while they arrive and are answered")
        .register(registry);
  }

  /**
   * @param capacity in bytes
   */
  public RequestMemory(long capacity) {
    this.capacity = capacity;
    this.forLarge = capacity - capacity / 4;
  }

  /**
   * The largest body that surely fits when nothing else is here: it grows by doubling, and half of it is there twice then; packed, it
   * stays beside.
   */
  public int largestBody() {
    return (int) Math.min(forLarge / 2, Integer.MAX_VALUE);
  }

  /** Bytes held now. */
  public long held() {
    return held.get();
  }

  /** What a request is told that finds no room. */
  public static InferenceException exhausted() {
    return new InferenceException(
        Kind.NO_MEMORY,
        "the gateway holds as many bytes of requests as it may; try again in a second");
  }

  /** The part of one request, still nothing. */
  public Share share() {
    return new Share();
  }

  /** What one request holds. Not thread-safe: it goes with its request from thread to thread. */
  public final class Share implements AutoCloseable {
    private long bytes;

    private Share() {}

    /** Takes so much more; false, and nothing taken, where there is no room. */
    public boolean grow(long more) {
      long limit = bytes + more <= SMALL ? capacity : forLarge;
      if (held.addAndGet(more) > limit) {
        held.addAndGet(-more);
        return false;
      }
      bytes += more;
      return true;
    }

    /**
     * Takes so much more.
     *
     * @throws InferenceException NO_MEMORY where there is no room
     */
    public void require(long more) throws InferenceException {
      if (!grow(more)) {
        throw exhausted();
      }
    }

    /** Gives so much back. */
    public void shrink(long less) {
      bytes -= less;
      held.addAndGet(-less);
    }

    /** Gives all back; doing it again does nothing. */
    @Override
    public void close() {
      if (bytes > 0) {
        shrink(bytes);
      }
    }
  }
}
