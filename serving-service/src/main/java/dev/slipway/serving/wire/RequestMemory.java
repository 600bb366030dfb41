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

  /** The part of one request, still nothing. */
  public Share share() {
    return new Share(0);
  }

  /** Another part of a request that holds so much already. */
  public Share shareBeside(long others) {
    return new Share(others);
  }

  /** What one request holds. Not thread-safe: it goes with its request from thread to thread. */
  public final class Share implements AutoCloseable {
    private final long beside;
    private long bytes;

    private Share(long beside) {
      this.beside = beside;
    }

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

    /** What the request is told that finds no room for so much more: to come back only where that may help. */
    public InferenceException refusal(long more) {
      long needed = beside + bytes + more;
      return needed > Math.max(forLarge, SMALL)
          ? new InferenceException(
              Kind.TOO_LARGE,
              "the request takes " + needed + " bytes of the gateway's memory or more, and all"
                  + " large requests together may take " + forLarge + ": send it in several")
          : new InferenceException(
              Kind.NO_MEMORY,
              "the gateway holds as many bytes of requests as it may; try again in a second");
    }

    /**
     * Takes so much more.
     *
     * @throws InferenceException NO_MEMORY where there is no room now, TOO_LARGE where there never is
     */
    public void require(long more) throws InferenceException {
      if (!grow(more)) {
        throw refusal(more);
      }
    }

    /** Takes over what another holds, which then holds nothing; how much that is. */
    public long takeOver(Share other) {
      long taken = other.bytes;
      other.bytes = 0;
      bytes += taken;
      return taken;
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
