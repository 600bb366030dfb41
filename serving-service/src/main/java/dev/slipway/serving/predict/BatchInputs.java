package dev.slipway.serving.predict;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The inputs of one run: those of one request as they are, or the rows of several behind each other in memory of their own.
 *
 * @param rows how many of the rows are each request's, in their order; empty for one request as it is
 */
record BatchInputs(List<Tensor> tensors, List<Integer> rows, List<TensorBuffer> memory)
    implements AutoCloseable {

  static BatchInputs alone(InferenceRequest request) {
    return new BatchInputs(request.inputs(), List.of(), List.of());
  }

  /** How many requests they are of. */
  int requests() {
    return rows.isEmpty() ? 1 : rows.size();
  }

  /**
   * Copies the rows of requests that fit each other ({@link Companions#fit}).
   *
   * @param allocator takes a number of bytes; what it gave is given back when it fails
   */
  static BatchInputs of(List<InferenceRequest> requests, IntFunction<TensorBuffer> allocator) {
    List<Integer> rows = new ArrayList<>(requests.size());
    for (InferenceRequest request : requests) {
      rows.add((int) request.inputs().getFirst().shape().dimension(0));
    }
    var inputs = new BatchInputs(new ArrayList<>(), rows, new ArrayList<>());
    try {
      inputs.copy(requests, allocator);
    } catch (RuntimeException | Error e) {
      inputs.close();
      throw e;
    }
    return inputs;
  }

  private void copy(List<InferenceRequest> requests, IntFunction<TensorBuffer> allocator) {
    List<Tensor> first = requests.getFirst().inputs();
    int total = total();
    for (int i = 0; i < first.size(); i++) {
      int bytes = 0;
      for (InferenceRequest request : requests) {
        bytes = Math.addExact(bytes, request.inputs().get(i).data().remaining());
      }
      TensorBuffer buffer = allocator.apply(bytes);
      memory.add(buffer);
      for (InferenceRequest request : requests) {
        buffer.data().put(request.inputs().get(i).data().duplicate());
      }
      long[] shape = first.get(i).shape().toArray();
      shape[0] = total;
      tensors.add(new Tensor(
          first.get(i).name(),
          first.get(i).datatype(),
          Shape.of(shape),
          buffer.data().flip()));
    }
  }

  /** Of all requests, in rows. */
  private int total() {
    int total = 0;
    for (int count : rows) {
      total += count;
    }
    return total;
  }

  @Override
  public void close() {
    memory.forEach(TensorBuffer::close);
  }
}
