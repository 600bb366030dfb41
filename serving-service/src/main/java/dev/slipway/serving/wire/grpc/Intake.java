package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.RequestMemory;
import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What one gRPC stream holds of {@link RequestMemory}: the bytes of a message from when they come, long before it is whole and
 * anybody else sees it, until it is answered. Thread-safe.
 */
final class Intake extends ServerStreamTracer {
  private static final Context.Key<Intake> KEY = Context.key("slipway-intake");

  private final RequestMemory memory;
  private final RequestMemory.Share share;
  /** Of a message that is not whole yet. */
  private long arriving;
  /** Of messages that are. */
  private long arrived;

  private int working;
  private boolean closed;
  private InferenceException refusal;
  private Consumer<InferenceException> onRefusal;

  Intake(RequestMemory memory) {
    this.memory = memory;
    this.share = memory.share();
  }

  /** That of the call which this thread answers; one that has room for all where nobody counts. */
  static Intake current() {
    Intake found = KEY.get();
    return found == null ? new Intake(new RequestMemory(Long.MAX_VALUE)) : found;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public synchronized void inboundWireSize(long bytes) {
    if (refusal != null || closed) {
      return;
    }
    if (share.grow(bytes)) {
      arriving += bytes;
      return;
    }
    refusal = share.refusal(bytes);
    if (onRefusal != null) {
      onRefusal.accept(refusal);
    }
  }

  @Override
  public synchronized void inboundMessageRead(int sequence, long wireSize, long unpackedSize) {
    arrived += arriving;
    arriving = 0;
  }

  /** Is told, once, when bytes come that find no room; at once if they have come. It must not block. */
  synchronized void onRefusal(Consumer<InferenceException> action) {
    onRefusal = action;
    if (refusal != null) {
      action.accept(refusal);
    }
  }

  /**
   * Takes memory for what a message is made into.
   *
   * @throws InferenceException NO_MEMORY when there is no room now, TOO_LARGE when there never is
   */
  synchronized void require(long bytes) throws InferenceException {
    if (!closed) {
      share.require(bytes);
      arrived += bytes;
    }
  }

  /** Keeps what was {@link #passing} for as long as the message. */
  synchronized void keep(RequestMemory.Share passing) {
    if (!closed) {
      arrived += share.takeOver(passing);
    }
  }

  /** For what is there only while a message is read. */
  synchronized RequestMemory.Share passing() {
    return memory.shareBeside(arriving + arrived);
  }

  /** The next message is asked for: those before are answered. */
  synchronized void answered() {
    if (!closed && arrived > 0) {
      share.shrink(arrived);
      arrived = 0;
    }
  }

  /** Lets a task work on a message, which is held until it ends, also when its caller goes away meanwhile. */
  void work(Executor executor, Runnable task) {
    begin();
    try {
      executor.execute(() -> {
        try {
          task.run();
        } finally {
          end();
        }
      });
    } catch (RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  private synchronized void begin() {
    working++;
  }

  private synchronized void end() {
    working--;
    release();
  }

  @Override
  public synchronized void streamClosed(Status status) {
    closed = true;
    release();
  }

  private void release() {
    if (closed && working == 0) {
      share.close();
    }
  }
}
