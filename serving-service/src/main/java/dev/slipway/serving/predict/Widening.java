package dev.slipway.serving.predict;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes FP32 tensors into FP64 where the model takes doubles, which changes no value. */
final class Widening {
  private Widening() {}

  /**
   * A request whose tensors have the model's datatypes. Closing it gives back only the memory that was needed for that: the
   * tensors that fitted stay the caller's.
   *
   * @param request checked against the signature
   */
  static InferenceRequest of(ModelSignature signature, InferenceRequest request) {
    List<Tensor> tensors = request.inputs();
    List<TensorBuffer> memory = List.of();
    for (int i = 0; i < request.inputs().size(); i++) {
      Tensor tensor = request.inputs().get(i);
      if (tensor.datatype() == DataType.FP32
          && SignatureCheck.isWidened(
              signature.input(tensor.name()).orElseThrow(), tensor.datatype())) {
        if (memory.isEmpty()) {
          tensors = new ArrayList<>(tensors);
          memory = new ArrayList<>();
        }
        tensors.set(i, widened(tensor, wide(tensor, memory)));
      }
    }
    return new InferenceRequest(
        request.id(), tensors, request.outputs(), request.timeoutMicros(), memory);
  }

  private static ByteBuffer wide(Tensor tensor, List<TensorBuffer> memory) {
    try {
      TensorBuffer wide =
          TensorBuffer.allocate(Math.multiplyExact(2, tensor.data().remaining()));
      memory.add(wide);
      return wide.data();
    } catch (RuntimeException | Error e) {
      memory.forEach(TensorBuffer::close);
      throw e;
    }
  }

  private static Tensor widened(Tensor tensor, ByteBuffer wide) {
    ByteBuffer narrow = tensor.data();
    for (int i = narrow.position(); i < narrow.limit(); i += Float.BYTES) {
      wide.putDouble(narrow.getFloat(i));
    }
    return new Tensor(tensor.name(), DataType.FP64, tensor.shape(), wide.flip());
  }
}
