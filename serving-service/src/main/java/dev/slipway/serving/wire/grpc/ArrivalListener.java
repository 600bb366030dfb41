package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceException;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Hands a call's messages on, in their order with all else that happens to it. A large one, or a packed one, is read on a thread of its own: read on the
 * event loop it would keep every other call of that loop waiting. The call of a message that is refused ends.
 */
final class ArrivalListener<Q> extends ServerCall.Listener<Arrival<Q>> {
  private final ServerCall.Listener<Q> inner;
  private final ServerCall<?, ?> call;
  private final Executor executor;
  /** What happened while a large message was read. */
  private final Queue<Runnable> behind = new ArrayDeque<>();

  private boolean reading;
  private boolean refused;

  ArrivalListener(ServerCall.Listener<Q> inner, ServerCall<?, ?> call, Executor executor) {
    this.inner = inner;
    this.call = call;
    this.executor = executor;
  }

  /** Ends a call, which may have been answered meanwhile. */
  static void end(ServerCall<?, ?> call, InferenceException refusal) {
    try {
      call.close(GrpcErrors.status(refusal), new Metadata());
    } catch (IllegalStateException _) {
      // It was answered meanwhile.
    }
  }

  @Override
  public void onMessage(Arrival<Q> arrival) {
    if (!(arrival instanceof Arrival.Large<Q>(var read))) {
      inOrder(() -> deliver(arrival));
      return;
    }
    synchronized (behind) {
      if (reading) {
        behind.add(() -> deliver(read.get()));
        return;
      }
      reading = true;
    }
    Runnable aside = Context.current().wrap(() -> {
      attempt(() -> deliver(read.get()));
      for (Runnable next = next(); next != null; next = next()) {
        attempt(next);
      }
    });
    try {
      Intake.current().work(executor, aside);
    } catch (RuntimeException | Error e) {
      var _ = read.get();
      throw e;
    }
  }

  private void inOrder(Runnable event) {
    synchronized (behind) {
      if (reading) {
        behind.add(event);
        return;
      }
    }
    event.run();
  }

  private Runnable next() {
    synchronized (behind) {
      Runnable next = behind.poll();
      reading = next != null;
      return next;
    }
  }

  /** As the transport would do it, were it on its thread. */
  private void attempt(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | Error e) {
      end(call, InferenceException.of(e, "the gateway failed on this request"));
    }
  }

  private void deliver(Arrival<Q> arrival) {
    switch (arrival) {
      case Arrival.Read<Q>(var message) -> inner.onMessage(message);
      case Arrival.Refused<Q>(var reason) -> {
        if (!refused) {
          refused = true;
          end(call, reason);
        }
      }
      case Arrival.Large<Q>(var read) -> deliver(read.get());
    }
  }

  @Override
  public void onHalfClose() {
    inOrder(() -> {
      if (!refused) {
        inner.onHalfClose();
      }
    });
  }

  @Override
  public void onCancel() {
    inOrder(inner::onCancel);
  }

  @Override
  public void onComplete() {
    inOrder(inner::onComplete);
  }

  @Override
  public void onReady() {
    inOrder(inner::onReady);
  }
}
