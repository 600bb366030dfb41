package dev.slipway.serving.engine;

import dev.slipway.common.tensor.DataType;
import java.nio.ByteBuffer;

/** The elements of a floating-point tensor as doubles; each of them is exact. */
record FloatElements(DataType datatype, ByteBuffer data) {
  private static final int BF16_SHIFT = 16;

  int count() {
    return data.remaining() / datatype.elementSize();
  }

  double get(int index) {
    int at = data.position() + index * datatype.elementSize();
    return switch (datatype) {
      case FP16 -> Float.float16ToFloat(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << BF16_SHIFT);
      case FP32 -> data.getFloat(at);
      case FP64 -> data.getDouble(at);
      default -> throw new IllegalStateException(datatype + " is not a floating-point type");
    };
  }
}
