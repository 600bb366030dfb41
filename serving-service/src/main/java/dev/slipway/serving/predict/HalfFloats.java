package dev.slipway.serving.predict;

/** Doubles to the two 16-bit formats, rounded once, to the nearest, ties to even. */
public final class HalfFloats {
  private static final int BF16_SHIFT = 16;

  private HalfFloats() {}

  /** IEEE 754 binary16. */
  public static short toFloat16(double value) {
    return Float.floatToFloat16(roundedToOdd(value));
  }

  /** The upper half of a binary32. */
  public static short toBfloat16(double value) {
    if (Double.isNaN(value)) {
      return (short) (Float.floatToRawIntBits(Float.NaN) >>> BF16_SHIFT);
    }
    int bits = Float.floatToRawIntBits(roundedToOdd(value));
    int rounding = 0x7FFF + ((bits >>> BF16_SHIFT) & 1);
    return (short) ((bits + rounding) >>> BF16_SHIFT);
  }

  public static float fromFloat16(short bits) {
    return Float.float16ToFloat(bits);
  }

  public static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << BF16_SHIFT);
  }

  /** A float whose last bit tells that something was cut off, so that rounding it further is as good as rounding once. */
  private static float roundedToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value) || Float.isInfinite(nearest)) {
      return nearest;
    }
    float below = Math.abs(nearest) > Math.abs(value) ? Math.nextAfter(nearest, 0.0) : nearest;
    return Float.intBitsToFloat(Float.floatToRawIntBits(below) | 1);
  }
}
