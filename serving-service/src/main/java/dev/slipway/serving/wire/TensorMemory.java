package dev.slipway.serving.wire;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.InferenceRequest;
import dev.slipway.serving.predict.TensorSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The tensors of a request while it is read, and the memory that they lie in. Close it when reading fails; {@link #request}
 * hands all of it over.
 */
public final class TensorMemory implements AutoCloseable {
  /** As numpy has it, of which most tensors come. */
  private static final int MAX_RANK = 32;

  private final List<Tensor> tensors = new ArrayList<>();
  private final List<TensorBuffer> memory = new ArrayList<>();
  private final long maxElements;
  private boolean handedOver;

  public TensorMemory(long maxElements) {
    this.maxElements = maxElements;
  }

  public List<Tensor> tensors() {
    return tensors;
  }

  /**
   * Fails when a tensor of that name is here: else a body of nothing but one small input would become as many tensors as fit in.
   */
  private void once(String name) throws InferenceException {
    for (Tensor tensor : tensors) {
      if (tensor.name().equals(name)) {
        throw InferenceException.badInput("input '" + name + "' is given twice");
      }
    }
  }

  /** Fails when a shape has more dimensions than are taken. */
  public static void rank(int dimensions) throws InferenceException {
    if (dimensions > MAX_RANK) {
      throw InferenceException.badInput("a shape has over " + MAX_RANK + " dimensions");
    }
  }

  /**
   * Takes over a tensor that was read.
   *
   * @throws InferenceException when there is one of its name; the sink is the caller's then
   */
  public void add(TensorSink sink, Shape shape) throws InferenceException {
    once(sink.name());
    memory.add(sink.buffer());
    tensors.add(sink.finish(shape));
  }

  /**
   * The number of elements of a shape that a caller states.
   *
   * @throws InferenceException when the product overflows or is beyond the limit
   */
  public int count(String name, Shape shape) throws InferenceException {
    long count = shape
        .elementCount()
        .orElseThrow(() -> InferenceException.badInput(
            "input '" + name + "': shape " + shape + " has more elements than can be counted"));
    if (count > Math.min(maxElements, Integer.MAX_VALUE)) {
      throw new InferenceException(
          Kind.TOO_LARGE,
          "input '" + name + "': shape " + shape + " has " + count + " elements, at most "
              + maxElements + " are taken");
    }
    return (int) count;
  }

  /**
   * Adds a tensor in the protocol's raw form, by one copy into aligned memory.
   *
   * @throws InferenceException when the bytes are not what datatype and shape say
   */
  public void addRaw(String name, DataType datatype, Shape shape, ByteBuffer raw)
      throws InferenceException {
    once(name);
    int count = count(name, shape);
    RawTensors.check(name, datatype, shape, count, raw);
    TensorBuffer buffer = TensorBuffer.allocate(raw.remaining());
    memory.add(buffer);
    buffer.data().put(raw.duplicate()).flip();
    tensors.add(new Tensor(name, datatype, shape, buffer.data().order(ByteOrder.LITTLE_ENDIAN)));
  }

  /** The request of all tensors, which owns their memory from now on. */
  public InferenceRequest request(String id, Set<String> outputs, long timeoutMicros) {
    handedOver = true;
    return new InferenceRequest(
        id, List.copyOf(tensors), outputs, timeoutMicros, List.copyOf(memory));
  }

  @Override
  public void close() {
    if (!handedOver) {
      memory.forEach(TensorBuffer::close);
    }
  }
}
