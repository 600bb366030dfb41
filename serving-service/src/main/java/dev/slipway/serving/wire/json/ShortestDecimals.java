package dev.slipway.serving.wire.json;

import static dev.slipway.serving.wire.json.NumberScan.EIGHT;
import static dev.slipway.serving.wire.json.NumberScan.ZEROS;

/**
 * Writes a floating-point number as the shortest decimal that reads as the same, of these the nearest: byte for byte the text of
 * {@link Float#toString} and {@link Double#toString}, without a string for each. By R. Giulietti, "The Schubfach way to render doubles"
 * (2020), which the JDK follows too.
 */
final class ShortestDecimals {
  /** Bytes that {@link #write} may touch, of which it leaves those behind the text as they come. */
  static final int ROOM = 32;

  private static final int FLOAT_BITS = 23;
  private static final int FLOAT_BIAS = 127 + FLOAT_BITS;
  private static final int DOUBLE_BITS = 52;
  private static final int DOUBLE_BIAS = 1023 + DOUBLE_BITS;
  /** Between them are those whose last digit is within the powers of ten at hand. */
  private static final double DOUBLE_MIN = 1e-40;

  private static final double DOUBLE_MAX = 1e75;

  /** Bits behind the point in the product for a float: what is left of it there says whether it is exact. */
  private static final int REST_BITS = 31;

  private static final long REST = (1L << REST_BITS) - 1;

  /** From this power of ten on the form is that with an exponent, and before one tenth of its inverse. */
  private static final int PLAIN_DIGITS = 7;

  private static final int PLAIN_ZEROS = 2;

  private static final int DIGITS = 17;
  private static final int FLOAT_DIGITS = 9;
  private static final int EIGHT_DIGITS = 100_000_000;
  private static final long ZERO_POINT = ZEROS ^ (('0' ^ '.') << Byte.SIZE);
  private static final int SIGN = Long.SIZE - 1;

  private static final long[] POWERS = new long[DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
  }

  private ShortestDecimals() {}

  /** Whether it is finite and zero or not subnormal. */
  static boolean takes(float value) {
    int biased = (Float.floatToRawIntBits(value) >>> FLOAT_BITS) & 0xFF;
    return (biased > 0 && biased < 0xFF) || value == 0;
  }

  /** Whether it is zero, or of a size that numbers are which are written by the thousand. */
  static boolean takes(double value) {
    double size = Math.abs(value);
    return (size > DOUBLE_MIN && size < DOUBLE_MAX) || value == 0;
  }

  /**
   * @param value one that is taken
   * @param out has {@link #ROOM} bytes from {@code at} on
   * @return where the text ends
   */
  static int write(float value, byte[] out, int at) {
    int bits = Float.floatToRawIntBits(value);
    int biased = (bits >>> FLOAT_BITS) & 0xFF;
    int fraction = bits & ((1 << FLOAT_BITS) - 1);
    int from = sign(bits < 0, out, at);
    if (biased == 0) {
      return zero(out, from);
    }
    int mantissa = fraction | (1 << FLOAT_BITS);
    int exponent = biased - FLOAT_BIAS;
    if (exponent <= 0
        && exponent >= -FLOAT_BITS
        && Integer.numberOfTrailingZeros(mantissa) >= -exponent) {
      return text(mantissa >> -exponent, 0, out, from);
    }
    // The next smaller number is nearer than the next larger one.
    boolean narrow = fraction == 0 && biased > 1;
    int power = power(exponent, narrow);
    int shift = exponent + Decimals.bits(-power) + REST_BITS + 1;
    long scale = Decimals.high(-power) + 1;
    long quarters = 4L * mantissa;
    long near = rounded(scale, quarters << shift);
    long low = rounded(scale, (quarters - (narrow ? 1 : 2)) << shift);
    long high = rounded(scale, (quarters + 2) << shift);
    return shortest(low, near, high, mantissa & 1, power, out, from);
  }

  /**
   * @param value one that is taken
   * @param out has {@link #ROOM} bytes from {@code at} on
   * @return where the text ends
   */
  static int write(double value, byte[] out, int at) {
    long bits = Double.doubleToRawLongBits(value);
    int biased = (int) (bits >>> DOUBLE_BITS) & 0x7FF;
    long fraction = bits & ((1L << DOUBLE_BITS) - 1);
    int from = sign(bits < 0, out, at);
    if (biased == 0) {
      return zero(out, from);
    }
    long mantissa = fraction | (1L << DOUBLE_BITS);
    int exponent = biased - DOUBLE_BIAS;
    if (exponent <= 0
        && exponent >= -DOUBLE_BITS
        && Long.numberOfTrailingZeros(mantissa) >= -exponent) {
      return text(mantissa >> -exponent, 0, out, from);
    }
    boolean narrow = fraction == 0;
    int power = power(exponent, narrow);
    int shift = exponent + Decimals.bits(-power) + 1;
    long scaleLow = Decimals.low(-power) + 1;
    long scaleHigh = Decimals.high(-power) + (scaleLow == 0 ? 1 : 0);
    long quarters = 4 * mantissa;
    long near = rounded(scaleHigh, scaleLow, quarters << shift);
    long low = rounded(scaleHigh, scaleLow, (quarters - (narrow ? 1 : 2)) << shift);
    long high = rounded(scaleHigh, scaleLow, (quarters + 2) << shift);
    return shortest(low, near, high, (int) mantissa & 1, power, out, from);
  }

  private static int sign(boolean negative, byte[] out, int at) {
    out[at] = '-';
    return negative ? at + 1 : at;
  }

  private static int zero(byte[] out, int at) {
    EIGHT.set(out, at, ZERO_POINT);
    return at + 3;
  }

  /** The largest power of ten that is not above 2^exponent, or three quarters of it: by logarithms in fractions of 2^22. */
  private static int power(int exponent, boolean narrow) {
    return (1262611 * exponent - (narrow ? 524031 : 0)) >> 22;
  }

  /** The product's whole part, made odd if there is more behind the point: the paper's rop. */
  private static long rounded(long scale, long quarters) {
    long product = Math.unsignedMultiplyHigh(scale, quarters);
    return (product >>> REST_BITS) | (((product & REST) + REST) >>> REST_BITS);
  }

  private static long rounded(long scaleHigh, long scaleLow, long quarters) {
    long carried = Math.unsignedMultiplyHigh(scaleLow, quarters);
    long rest = scaleHigh * quarters + carried;
    long whole = Math.unsignedMultiplyHigh(scaleHigh, quarters)
        + (Long.compareUnsigned(rest, carried) < 0 ? 1 : 0);
    return whole | ((rest | -rest) >>> SIGN);
  }

  /**
   * Of the decimals between {@code low} and {@code high}, in quarters of 10^power, one with a digit less if there is just one, else the
   * one next to {@code near}. What differs from number to number is computed, not branched on: that would be guessed wrong too often.
   *
   * @param odd 1 where the bounds read as other numbers
   */
  private static int shortest(
      long low, long near, long high, int odd, int power, byte[] out, int at) {
    long below = near >> 2;
    long tens = below / 10;
    long notBelow = (40 * tens - low - odd) >>> SIGN;
    long notAbove = (high - 40 * tens - 40 - odd) >>> SIGN;
    boolean less = notBelow != notAbove;
    long shorter = tens + notBelow;
    notBelow = (4 * below - low - odd) >>> SIGN;
    notAbove = (high - 4 * below - 4 - odd) >>> SIGN;
    long nearer = (near >> 1) & (near | below) & 1;
    long longer = below + (notBelow != notAbove ? notBelow : nearer);
    return text(less ? shorter : longer, less ? power + 1 : power, out, at);
  }

  /** {@code decimal * 10^power} in the form that {@link Float#toString} describes. */
  private static int text(long decimal, int power, byte[] out, int at) {
    int about = ((Long.SIZE - Long.numberOfLeadingZeros(decimal)) * 1233) >>> 12;
    int count = about + (int) ((POWERS[about] - 1 - decimal) >>> SIGN);
    int point = count + power;
    if (count <= FLOAT_DIGITS) {
      int digits = (int) (decimal * POWERS[FLOAT_DIGITS - count]);
      int first = digits / EIGHT_DIGITS;
      long second = eight(digits - first * EIGHT_DIGITS);
      int length = FLOAT_DIGITS - trailingZeros(second);
      return text(first, second | ZEROS, ZEROS, length, point, out, at);
    }
    long digits = decimal * POWERS[DIGITS - count];
    long upper = digits / EIGHT_DIGITS;
    int first = (int) (upper / EIGHT_DIGITS);
    long second = eight((int) (upper - (long) first * EIGHT_DIGITS));
    long third = eight((int) (digits - upper * EIGHT_DIGITS));
    int length = third == 0 ? FLOAT_DIGITS - trailingZeros(second) : DIGITS - trailingZeros(third);
    return text(first, second | ZEROS, third | ZEROS, length, point, out, at);
  }

  private static int trailingZeros(long eight) {
    return Long.numberOfLeadingZeros(eight) / Byte.SIZE;
  }

  /** Eight digits as bytes, the first in the lowest one: fours, then pairs, then each by itself. */
  private static long eight(int digits) {
    int upper = digits / 10_000;
    long fours = upper | ((long) (digits - 10_000 * upper) << 32);
    long hundreds = ((fours * 10486) >>> 20) & 0x0000007F0000007FL;
    long pairs = hundreds | ((fours - 100 * hundreds) << 16);
    long tens = ((pairs * 103) >>> 10) & 0x000F000F000F000FL;
    return tens | ((pairs - 10 * tens) << 8);
  }

  /**
   * @param second the eight digits after the first one, as characters
   * @param third the eight after these
   * @param length how many of the digits count
   * @param point how many stand before the point, were they written without an exponent
   */
  private static int text(
      int first, long second, long third, int length, int point, byte[] out, int at) {
    if (point <= 0 && point >= -PLAIN_ZEROS) {
      EIGHT.set(out, at, ZERO_POINT);
      int from = at + 2 - point;
      put(first, second, third, out, from);
      return from + length;
    }
    int before = point > 0 && point <= PLAIN_DIGITS ? point : 1;
    put(first, second, third, out, at);
    // Once more, without those before the point, a byte further on.
    EIGHT.set(out, at + before + 1, second >>> (Byte.SIZE * (before - 1)));
    EIGHT.set(out, at + 2 + Long.BYTES, third);
    out[at + before] = '.';
    int end = at + 1 + Math.max(length, before + 1);
    return before == point ? end : exponent(point - 1, out, end);
  }

  private static void put(int first, long second, long third, byte[] out, int at) {
    out[at] = (byte) ('0' + first);
    EIGHT.set(out, at + 1, second);
    EIGHT.set(out, at + 1 + Long.BYTES, third);
  }

  private static int exponent(int exponent, byte[] out, int at) {
    out[at] = 'E';
    int to = sign(exponent < 0, out, at + 1);
    int size = Math.abs(exponent);
    if (size >= 100) {
      out[to++] = (byte) ('0' + size / 100);
    }
    if (size >= 10) {
      out[to++] = (byte) ('0' + size / 10 % 10);
    }
    out[to] = (byte) ('0' + size % 10);
    return to + 1;
  }
}
