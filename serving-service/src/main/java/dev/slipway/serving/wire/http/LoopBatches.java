package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.LoopBatch;
import dev.slipway.serving.predict.Predictor;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;

/** The {@link LoopBatch} of each event loop. */
final class LoopBatches {
  private final Predictor predictor;
  private final FastThreadLocal<LoopBatch> batches = new FastThreadLocal<>();

  LoopBatches(Predictor predictor) {
    this.predictor = predictor;
  }

  /**
   * To be called on the event loop.
   *
   * @param loop a context of it
   */
  LoopBatch on(Context loop) {
    LoopBatch batch = batches.get();
    if (batch == null) {
      batch = new LoopBatch(predictor, ((ContextInternal) loop).nettyEventLoop());
      batches.set(batch);
    }
    return batch;
  }
}
