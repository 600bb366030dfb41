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

  /**
   * Copies the rows of requests that fit each other ({@link BatchMember#fits}).
   *
   * @param allocator takes a number of bytes; what it gave is given back when it fails
   */
  static BatchInputs of(List<InferenceRequest> requests, IntFunction<TensorBuffer> allocator) {
    List<Integer> rows = requests.stream()
        .map(request -> (int) request.inputs().getFirst().shape().dimension(0))
        .toList();
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
    int total = rows.stream().mapToInt(Integer::intValue).sum();
    for (int i = 0; i < requests.getFirst().inputs().size(); i++) {
      int input = i;
      Tensor first = requests.getFirst().inputs().get(i);
      int bytes = requests.stream()
          .mapToInt(request -> request.inputs().get(input).data().remaining())
          .sum();
      TensorBuffer buffer = allocator.apply(bytes);
      memory.add(buffer);
      requests.forEach(
          request -> buffer.data().put(request.inputs().get(input).data().duplicate()));
      long[] shape = first.shape().toArray();
      shape[0] = total;
      tensors.add(new Tensor(
          first.name(), first.datatype(), Shape.of(shape), buffer.data().flip()));
    }
  }

  @Override
  public void close() {
    memory.forEach(TensorBuffer::close);
  }
}
