package dev.slipway.serving.wire;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A model whose runs wait until they are let go. */
final class HeldModel implements LoadedModel {
  private final LoadedModel model;
  private final CountDownLatch free = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger onCarriers = new AtomicInteger();

  HeldModel(LoadedModel model) {
    this.model = model;
  }

  /** Runs that wait. */
  int waiting() {
    return waiting.get();
  }

  /** Those of them on virtual threads, which a runtime's native code would keep from all others. */
  int onCarriers() {
    return onCarriers.get();
  }

  /** Lets them all go, and whoever comes. */
  void release() {
    free.countDown();
  }

  @Override
  public ModelSignature signature() {
    return model.signature();
  }

  @Override
  public Map<String, Object> metadata() {
    return model.metadata();
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    if (free.getCount() > 0 && Thread.currentThread().isVirtual()) {
      onCarriers.incrementAndGet();
    }
    waiting.incrementAndGet();
    try {
      free.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
    return model.predict(inputs, outputs, control);
  }

  @Override
  public void close() {
    model.close();
  }
}
