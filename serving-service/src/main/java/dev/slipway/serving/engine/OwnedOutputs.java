package dev.slipway.serving.engine;

import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** Outputs in memory of our own, for a runtime whose answer does not outlive its run. Not thread-safe. */
public final class OwnedOutputs implements LoadedModel.Outputs {
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<TensorBuffer> memory = new ArrayList<>();

  /** Memory for an output, given back when this is closed. */
  public TensorBuffer allocate(int bytes) {
    TensorBuffer buffer = TensorBuffer.allocate(bytes);
    memory.add(buffer);
    return buffer;
  }

  /** @param data from {@link #allocate}, from its start to what was written */
  public void add(TensorSpec spec, Shape shape, TensorBuffer data) {
    tensors.add(new Tensor(spec.name(), spec.datatype(), shape, data.data().flip()));
  }

  @Override
  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    memory.forEach(TensorBuffer::close);
  }
}
