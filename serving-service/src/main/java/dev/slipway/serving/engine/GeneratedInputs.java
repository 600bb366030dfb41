package dev.slipway.serving.engine;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Inputs made up from a signature, to run a model before anyone depends on it: each free dimension is 1, each element is one
 * (the number, true, or a string of one "1"). A model may rightly refuse them.
 */
public final class GeneratedInputs {
  /** What one set of inputs may take, in bytes; larger ones are not made. */
  private static final long MAX_BYTES = 256L << 20;

  private static final byte[] STRING = {1, 0, 0, 0, '1'};

  private GeneratedInputs() {}

  /** One tensor for each input that is not optional; empty when they would be too large. */
  public static Optional<List<Tensor>> of(ModelSignature signature) {
    List<Tensor> tensors = new ArrayList<>();
    long total = 0;
    for (TensorSpec spec : signature.inputs()) {
      if (spec.optional()) {
        continue;
      }
      Shape shape = fixed(spec.shape());
      OptionalLong count = shape.elementCount();
      byte[] element = element(spec.datatype());
      if (count.isEmpty() || count.getAsLong() > (MAX_BYTES - total) / element.length) {
        return Optional.empty();
      }
      int bytes = (int) (count.getAsLong() * element.length);
      total += bytes;
      tensors.add(new Tensor(spec.name(), spec.datatype(), shape, filled(element, bytes)));
    }
    return Optional.of(tensors);
  }

  private static Shape fixed(Shape shape) {
    return Shape.of(Arrays.stream(shape.toArray())
        .map(dimension -> dimension < 0 ? 1 : dimension)
        .toArray());
  }

  private static ByteBuffer filled(byte[] element, int bytes) {
    ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      data.put(element);
    }
    return data.flip();
  }

  /** The bytes of a one, little-endian (IEEE 754 for FP16, FP32, FP64; BF16 is the upper half of FP32). */
  private static byte[] element(DataType datatype) {
    return switch (datatype) {
      case BOOL, UINT8, INT8 -> new byte[] {1};
      case UINT16, INT16 -> new byte[] {1, 0};
      case UINT32, INT32 -> new byte[] {1, 0, 0, 0};
      case UINT64, INT64 -> new byte[] {1, 0, 0, 0, 0, 0, 0, 0};
      case FP16 -> new byte[] {0, 0x3c};
      case BF16 -> new byte[] {(byte) 0x80, 0x3f};
      case FP32 -> new byte[] {0, 0, (byte) 0x80, 0x3f};
      case FP64 -> new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f};
      case BYTES -> STRING.clone();
    };
  }
}
