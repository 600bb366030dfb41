package dev.slipway.serving.wire.oip;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;

/**
 * Triton's raw binary request (extension_binary_data.md, "Raw Binary Request"): the body is the one input's data and nothing else.
 * Its one free dimension follows from the number of bytes; of two, a first one is 1, as Triton has it for a model that takes
 * batches. Of type BYTES the whole body is one element. All outputs are answered as binary data.
 */
final class RawRequest {
  private static final int NONE = -1;

  private RawRequest() {}

  /**
   * @param request whose data it is, and whose model
   * @param body the data
   * @throws InferenceException when the model has several inputs, or the shape does not follow from the size
   */
  static OipRequest read(HttpRequest request, ByteBuffer body, long timeoutMicros, long maxElements)
      throws InferenceException {
    ModelSignature signature = request.signature();
    if (signature.inputs().size() != 1) {
      throw InferenceException.badInput(
          "a raw binary request is for models of one input; this one takes "
              + SignatureCheck.describe(signature.inputs()));
    }
    TensorSpec spec = signature.inputs().getFirst();
    boolean text = spec.datatype() == DataType.BYTES;
    Shape shape = text ? ofOneElement(spec) : ofBytes(spec, body.remaining());
    try (var memory = new TensorMemory(maxElements)) {
      memory.addRaw(spec.name(), spec.datatype(), shape, text ? element(request, body) : body);
      return new OipRequest(
          memory.request(null, Set.of(), timeoutMicros), Set.of(), Set.of(), true);
    }
  }

  private static Shape ofOneElement(TensorSpec spec) throws InferenceException {
    long[] dimensions = spec.shape().toArray();
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] > 1 || dimensions[i] == 0) {
        throw unclear(spec, "of type BYTES it is one element");
      }
      dimensions[i] = 1;
    }
    return Shape.of(dimensions);
  }

  private static ByteBuffer element(HttpRequest request, ByteBuffer body)
      throws InferenceException {
    request.reserve(Integer.BYTES + body.remaining());
    return ByteBuffer.allocate(Integer.BYTES + body.remaining())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(body.remaining())
        .put(body.duplicate())
        .flip();
  }

  private static Shape ofBytes(TensorSpec spec, int bytes) throws InferenceException {
    long[] dimensions = spec.shape().toArray();
    int free = NONE;
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] >= 0) {
        continue;
      }
      if (free > 0) {
        throw unclear(spec, "more than one dimension is free");
      }
      free = i;
      dimensions[i] = 1;
    }
    if (free != NONE) {
      long others = Shape.of(dimensions)
          .elementCount()
          .orElseThrow(() -> unclear(spec, "it has more elements than can be counted"));
      dimensions[free] = bytes / Math.max(1, others * spec.datatype().elementSize());
    }
    return Shape.of(dimensions);
  }

  private static InferenceException unclear(TensorSpec spec, String why) {
    return InferenceException.badInput("the shape of " + SignatureCheck.describe(List.of(spec))
        + " does not follow from the size of a raw binary request: " + why);
  }
}
