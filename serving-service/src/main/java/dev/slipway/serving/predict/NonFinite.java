package dev.slipway.serving.predict;

import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;

/** Looks for NaN and infinities: all exponent bits set. */
final class NonFinite {
  private static final long FP64_EXPONENT = 0x7FF0_0000_0000_0000L;
  private static final int FP32_EXPONENT = 0x7F80_0000;
  private static final int FP16_EXPONENT = 0x7C00;
  private static final int BF16_EXPONENT = 0x7F80;

  private NonFinite() {}

  static boolean in(Tensor tensor) {
    return switch (tensor.datatype()) {
      case FP64 -> in64(tensor.data());
      case FP32 -> in32(tensor.data());
      case FP16 -> in16(tensor.data(), FP16_EXPONENT);
      case BF16 -> in16(tensor.data(), BF16_EXPONENT);
      default -> false;
    };
  }

  private static boolean in64(ByteBuffer data) {
    for (int i = data.position(); i < data.limit(); i += Double.BYTES) {
      if ((data.getLong(i) & FP64_EXPONENT) == FP64_EXPONENT) {
        return true;
      }
    }
    return false;
  }

  private static boolean in32(ByteBuffer data) {
    for (int i = data.position(); i < data.limit(); i += Float.BYTES) {
      if ((data.getInt(i) & FP32_EXPONENT) == FP32_EXPONENT) {
        return true;
      }
    }
    return false;
  }

  private static boolean in16(ByteBuffer data, int exponent) {
    for (int i = data.position(); i < data.limit(); i += Short.BYTES) {
      if ((data.getShort(i) & exponent) == exponent) {
        return true;
      }
    }
    return false;
  }
}
