package dev.slipway.serving.wire.json;

import java.math.BigInteger;

/**
 * The floating-point number nearest to {@code mantissa * 10^exponent}, half to even: bit for bit what {@link Double#parseDouble} and
 * {@link Float#parseFloat} give, or no answer where that takes more than a product of 128 bits. By W. D. Clinger (1990) where both
 * parts are exact in a double, else by D. Lemire, "Number Parsing at a Gigabyte per Second" (2021), section 5.
 */
final class Decimals {
  private static final int EXACT_POWERS = 22;
  private static final int EXACT_BITS = 53;
  /** Beyond it nobody writes many numbers. Within it no result is subnormal or infinite. */
  private static final int MAX_POWER = 64;

  private static final int ROUNDED_UP = 27;

  private static final int FRACTION_BITS = 52;
  private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
  private static final int BIAS = 1023;
  /** Of a double that is written as a float. */
  private static final long DROPPED = (1L << 29) - 1;

  private static final long HALFWAY = 1L << 28;

  private static final double[] POWERS = new double[EXACT_POWERS + 1];
  /** The first 128 bits of each 5^q, as Lemire's table has them. */
  private static final long[] HIGH = new long[2 * MAX_POWER + 1];

  private static final long[] LOW = new long[2 * MAX_POWER + 1];

  static {
    for (int q = 0; q <= EXACT_POWERS; q++) {
      POWERS[q] = BigInteger.TEN.pow(q).doubleValue();
    }
    for (int q = -MAX_POWER; q <= MAX_POWER; q++) {
      BigInteger power = q < 0 ? inverse(-q) : BigInteger.valueOf(5).pow(q);
      BigInteger bits = power.shiftRight(power.bitLength() - 2 * Long.SIZE);
      HIGH[q + MAX_POWER] = bits.shiftRight(Long.SIZE).longValue();
      LOW[q + MAX_POWER] = bits.longValue();
    }
  }

  private Decimals() {}

  /** 1 / 5^q: rounded up to 128 bits where that is all that the proof needs, else from a longer one. */
  private static BigInteger inverse(int q) {
    BigInteger power = BigInteger.valueOf(5).pow(q);
    int bits = power.bitLength();
    int shift = q <= ROUNDED_UP ? bits + 2 * Long.SIZE - 1 : 2 * bits + 2 * Long.SIZE;
    return BigInteger.ONE.shiftLeft(shift).divide(power).add(BigInteger.ONE);
  }

  /**
   * The first 64 bits of 10^power, the first of them set; the value is cut there, or rounded up.
   *
   * @param power at most {@link #MAX_POWER}, negative too
   */
  static long high(int power) {
    return HIGH[power + MAX_POWER];
  }

  /** The 64 bits behind {@link #high}. */
  static long low(int power) {
    return LOW[power + MAX_POWER];
  }

  /** The exponent of the largest power of two that is not above 10^power. */
  static int bits(int power) {
    return (217706 * power) >> 16;
  }

  /**
   * @param mantissa unsigned
   * @return never negative; NaN for no answer
   */
  static double toDouble(long mantissa, int exponent) {
    if (mantissa >>> EXACT_BITS == 0) {
      if (exponent == 0 || mantissa == 0) {
        return mantissa;
      }
      if (exponent < 0 && exponent >= -EXACT_POWERS) {
        return mantissa / POWERS[-exponent];
      }
      if (exponent > 0 && exponent <= EXACT_POWERS) {
        return mantissa * POWERS[exponent];
      }
    }
    return Math.abs(exponent) <= MAX_POWER ? byProduct(mantissa, exponent) : Double.NaN;
  }

  /**
   * The same for a float: rounding twice goes wrong only where the double lies halfway between two floats.
   *
   * @param mantissa unsigned
   * @return never negative; NaN for no answer
   */
  static float toFloat(long mantissa, int exponent) {
    double value = toDouble(mantissa, exponent);
    if (mantissa == 0) {
      return 0;
    }
    boolean clear = (Double.doubleToRawLongBits(value) & DROPPED) != HALFWAY
        && value >= Float.MIN_NORMAL
        && value <= Float.MAX_VALUE;
    return clear ? (float) value : Float.NaN;
  }

  private static double byProduct(long mantissa, int exponent) {
    int zeros = Long.numberOfLeadingZeros(mantissa);
    long normal = mantissa << zeros;
    int at = exponent + MAX_POWER;
    long upper = Math.unsignedMultiplyHigh(normal, HIGH[at]);
    long lower = normal * HIGH[at];
    if ((upper & 0x1FF) == 0x1FF) {
      long more = Math.unsignedMultiplyHigh(normal, LOW[at]);
      lower += more;
      if (Long.compareUnsigned(lower, more) < 0) {
        upper++;
      }
    }
    if (lower == -1 || Long.compareUnsigned(lower, 1) <= 0) {
      // The product's unknown rest could carry; or it is exact, and perhaps halfway.
      return Double.NaN;
    }
    int top = (int) (upper >>> (Long.SIZE - 1));
    long rounded = upper >>> (top + Long.SIZE - FRACTION_BITS - 3);
    rounded = (rounded + (rounded & 1)) >>> 1;
    int power = bits(exponent) + Long.SIZE - 1 + top - zeros + BIAS;
    if (rounded == HIDDEN_BIT << 1) {
      rounded = HIDDEN_BIT;
      power++;
    }
    return Double.longBitsToDouble(((long) power << FRACTION_BITS) | (rounded & ~HIDDEN_BIT));
  }
}
