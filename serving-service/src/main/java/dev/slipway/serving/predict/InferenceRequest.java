package dev.slipway.serving.predict;

import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.util.List;
import java.util.Set;

/**
 * What every protocol parses to. Closing it gives the memory of its tensors back.
 *
 * @param id the caller's own name for the request, echoed; null for none
 * @param inputs tensors, each by a name of its own
 * @param outputs names wanted; empty for all
 * @param timeoutMicros what the caller allows, in microseconds; 0 for the model's own deadline
 */
public record InferenceRequest(
    String id,
    List<Tensor> inputs,
    Set<String> outputs,
    long timeoutMicros,
    List<TensorBuffer> memory)
    implements AutoCloseable {

  @Override
  public void close() {
    memory.forEach(TensorBuffer::close);
  }
}
