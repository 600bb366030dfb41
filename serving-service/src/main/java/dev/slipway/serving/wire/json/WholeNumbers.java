package dev.slipway.serving.wire.json;

import java.math.BigDecimal;

/** Integers that are written with a point or an exponent. */
public final class WholeNumbers {
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private WholeNumbers() {}

  /** Whether nothing stands behind the point, and it is an INT64. */
  public static boolean isLong(BigDecimal number) {
    try {
      // Does not write its digits out: 1e999999999 has too many of them.
      long _ = number.longValueExact();
      return true;
    } catch (ArithmeticException fractionOrTooLarge) {
      return false;
    }
  }

  /** Whether it is too large for an INT64, whole or not. */
  static boolean isLarge(BigDecimal number) {
    return number.abs().compareTo(LARGEST) > 0;
  }

  /** The same of a number that was scanned; negative, which its mantissa is not, where it is not whole or not so small. */
  static long magnitude(NumberScan number) {
    long value = number.mantissa();
    for (int power = number.exponent(); power < 0 && value > 0; power++) {
      if (value % 10 != 0) {
        return -1;
      }
      value /= 10;
    }
    for (int power = number.exponent(); power > 0 && value > 0; power--) {
      if (value > Long.MAX_VALUE / 10) {
        return -1;
      }
      value *= 10;
    }
    return value;
  }
}
