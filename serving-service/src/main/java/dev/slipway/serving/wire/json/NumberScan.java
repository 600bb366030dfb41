package dev.slipway.serving.wire.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads one number of JSON's grammar out of bytes as a sign, a mantissa and a power of ten. Used again for the next one. */
final class NumberScan {
  /** Eight bytes of an array, the first the lowest. */
  static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** So many digits fit into an unsigned long. */
  private static final int MAX_DIGITS = 19;
  /** Longer ones are left to the parser, which has a limit for them. */
  private static final int MAX_LENGTH = 200;

  private static final int MAX_EXPONENT_DIGITS = 4;

  // Eight characters at once: the high halves of a digit and of a digit and six are both 3.
  private static final long HIGH = 0xF0F0F0F0F0F0F0F0L;
  private static final long SIXES = 0x0606060606060606L;
  private static final long THREES = 0x3333333333333333L;
  static final long ZEROS = 0x3030303030303030L;

  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private byte[] in;
  private int limit;
  private int at;
  private boolean negative;
  private boolean integer;
  private long mantissa;
  private int exponent;

  /** Where the number ends. */
  int end() {
    return at;
  }

  boolean negative() {
    return negative;
  }

  /** Whether it has neither a point nor an exponent. */
  boolean integer() {
    return integer;
  }

  /** Unsigned. */
  long mantissa() {
    return mantissa;
  }

  int exponent() {
    return exponent;
  }

  /**
   * @param from before {@code limit}
   * @return false where something else stands, or a number too long for this
   */
  boolean read(byte[] bytes, int from, int limit) {
    this.in = bytes;
    this.limit = Math.min(limit, from + MAX_LENGTH);
    this.at = from;
    this.mantissa = 0;
    this.exponent = 0;
    negative = bytes[from] == '-';
    if (negative) {
      at++;
    }
    int first = at;
    digits();
    int digits = at - first;
    if (digits == 0 || (digits > 1 && bytes[first] == '0')) {
      return false;
    }
    integer = true;
    if (next() == '.') {
      int point = at++;
      eights();
      digits();
      exponent = point + 1 - at;
      digits -= exponent;
      integer = false;
      if (exponent == 0) {
        return false;
      }
    }
    if (digits > MAX_DIGITS && digits - leadingZeros(first) > MAX_DIGITS) {
      return false;
    }
    return (next() | 0x20) == 'e' ? power() && ended() : ended();
  }

  private int next() {
    return at < limit ? in[at] : 0;
  }

  private boolean ended() {
    return switch (next()) {
      case ',', ']', ' ', '\n', '\t' -> true;
      default -> false;
    };
  }

  private void digits() {
    byte[] bytes = in;
    int most = limit;
    int to = at;
    long value = mantissa;
    int digit;
    while (to < most && (digit = bytes[to] - '0') >= 0 && digit <= 9) {
      value = 10 * value + digit;
      to++;
    }
    mantissa = value;
    at = to;
  }

  /** Up to eight digits at a time, without a branch for how many they are: that would be guessed wrong too often. */
  private void eights() {
    byte[] bytes = in;
    int last = limit - Long.BYTES;
    int to = at;
    long value = mantissa;
    while (to <= last) {
      long chars = (long) EIGHT.get(bytes, to);
      long others = ((chars & HIGH) | (((chars + SIXES) & HIGH) >>> 4)) ^ THREES;
      if (others != 0) {
        int bits = Long.numberOfTrailingZeros(others) & -Byte.SIZE;
        int digits = bits / Byte.SIZE;
        // Shifted in two steps: by 64 is by nothing in Java.
        long before = (chars - ZEROS) << (Long.SIZE - Byte.SIZE - bits) << Byte.SIZE;
        value = POWERS[digits] * value + eight(before);
        to += digits;
        break;
      }
      value = POWERS[Long.BYTES] * value + eight(chars - ZEROS);
      to += Long.BYTES;
    }
    mantissa = value;
    at = to;
  }

  /** Pairs, then fours, then all: the first digit is in the lowest byte. */
  private static long eight(long digits) {
    long pairs = digits * 10 + (digits >>> 8);
    long mask = 0x000000FF000000FFL;
    long fours = (pairs & mask) * (100 + (1000000L << 32));
    fours += ((pairs >>> 16) & mask) * (1 + (10000L << 32));
    return fours >>> 32;
  }

  private int leadingZeros(int first) {
    int zeros = 0;
    for (int i = first; i < at && (in[i] == '0' || in[i] == '.'); i++) {
      zeros += in[i] == '0' ? 1 : 0;
    }
    return zeros;
  }

  private boolean power() {
    at++;
    integer = false;
    int sign = next();
    if (sign == '-' || sign == '+') {
      at++;
    }
    int first = at;
    int power = 0;
    while (Character.isDigit(next()) && at - first < MAX_EXPONENT_DIGITS) {
      power = 10 * power + next() - '0';
      at++;
    }
    exponent += sign == '-' ? -power : power;
    return at > first;
  }
}
