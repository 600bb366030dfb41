package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.predict.HalfFloats;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.json.WholeNumbers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Puts a text, as CSV has it, into a tensor, exactly or not at all. Numbers are decimal; what is no number and what is missing are
 * written as pandas writes and reads them (pandas.read_csv, {@code na_values}).
 */
final class TextElements {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private static final Pattern NUMBER = Pattern.compile(
      "[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|infinity)|[+-]?nan",
      Pattern.CASE_INSENSITIVE);

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

  /** One that has a point or an exponent; its exponent is short enough for a {@link BigDecimal}. */
  private static final Pattern FLOAT =
      Pattern.compile("(?=.*[.eE])[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");

  private static final int LONGEST_FLOAT = 64;

  private static final Set<String> MISSING = Set.of(
      "",
      "#N/A",
      "#N/A N/A",
      "#NA",
      "-1.#IND",
      "-1.#QNAN",
      "-NaN",
      "-nan",
      "1.#IND",
      "1.#QNAN",
      "<NA>",
      "N/A",
      "NA",
      "NULL",
      "NaN",
      "None",
      "n/a",
      "nan",
      "null");

  private TextElements() {}

  /** Whether pandas reads the text as a missing value. */
  static boolean isMissing(String text) {
    return MISSING.contains(text);
  }

  /**
   * @param asPandas whether a missing value is NaN where numbers have one, and a whole number an integer with a point too; else both
   *     are errors
   */
  static void put(TensorSink sink, String text, int row, boolean asPandas)
      throws InferenceException {
    DataType datatype = sink.datatype();
    switch (datatype) {
      case BYTES -> sink.putBytes(text.getBytes(StandardCharsets.UTF_8));
      case BOOL -> sink.putInteger(bool(sink, text.strip(), row));
      case FP16, BF16, FP32, FP64 -> floating(sink, text.strip(), row, asPandas);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
        sink.putInteger(integer(sink, text.strip(), row, asPandas));
    }
  }

  /** 1 or 0. */
  static int bool(TensorSink sink, String text, int row) throws InferenceException {
    return switch (text) {
      case "true", "True", "TRUE", "1" -> 1;
      case "false", "False", "FALSE", "0" -> 0;
      default -> throw wrong(sink, text, row, "true or false");
    };
  }

  private static void floating(TensorSink sink, String text, int row, boolean asPandas)
      throws InferenceException {
    if (asPandas && isMissing(text)) {
      sink.putDouble(Double.NaN);
      return;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw wrong(sink, text, row, "a number");
    }
    switch (Character.toLowerCase(text.charAt(text.length() - 1))) {
      case 'f', 'y' -> sink.putDouble(text.startsWith("-") ? -INFINITE : INFINITE);
      case 'n' -> sink.putDouble(Double.NaN);
      default -> finite(sink, text, row);
    }
  }

  private static void finite(TensorSink sink, String text, int row) throws InferenceException {
    double value = Double.parseDouble(text);
    if (sink.datatype() == DataType.FP32) {
      // From the text and not from the double, which was rounded once already.
      float narrow = Float.parseFloat(text);
      requireFinite(sink, text, row, narrow);
      sink.putFloat(narrow);
      return;
    }
    requireFinite(sink, text, row, narrow(sink.datatype(), value));
    sink.putDouble(value);
  }

  private static double narrow(DataType datatype, double value) {
    return switch (datatype) {
      case FP16 -> HalfFloats.fromFloat16(HalfFloats.toFloat16(value));
      case BF16 -> HalfFloats.fromBfloat16(HalfFloats.toBfloat16(value));
      default -> value;
    };
  }

  private static void requireFinite(TensorSink sink, String text, int row, double narrow)
      throws InferenceException {
    if (Double.isInfinite(narrow)) {
      throw outOfRange(sink, text, row);
    }
  }

  private static long integer(TensorSink sink, String text, int row, boolean asPandas)
      throws InferenceException {
    BigInteger value;
    try {
      value = asPandas && isWhole(text) ? whole(text) : new BigInteger(text);
    } catch (NumberFormatException e) {
      throw wrong(sink, text, row, "an integer");
    }
    int bits = sink.datatype().elementSize() * Byte.SIZE;
    boolean fits = sink.datatype().isUnsigned()
        ? value.signum() >= 0 && value.bitLength() <= bits
        : value.bitLength() < bits;
    if (!fits) {
      throw outOfRange(sink, text, row);
    }
    return value.longValue();
  }

  /** Whether it is an integer of whatever size, or another number that is one. */
  static boolean isInteger(String text) {
    return INTEGER.matcher(text).matches() || isWhole(text);
  }

  private static boolean isWhole(String text) {
    return text.length() <= LONGEST_FLOAT
        && FLOAT.matcher(text).matches()
        && WholeNumbers.isLong(new BigDecimal(text));
  }

  private static BigInteger whole(String text) {
    return BigInteger.valueOf(new BigDecimal(text).longValueExact());
  }

  private static InferenceException outOfRange(TensorSink sink, String text, int row) {
    return InferenceException.badInput("row " + row + ", '" + sink.name() + "': " + text
        + " is out of range for " + sink.datatype());
  }

  private static InferenceException wrong(TensorSink sink, String text, int row, String expected) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return InferenceException.badInput("row " + row + ", '" + sink.name() + "': " + sink.datatype()
        + " takes " + expected + ", got '" + shown + "'");
  }
}
