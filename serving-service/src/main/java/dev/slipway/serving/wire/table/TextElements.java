package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.predict.HalfFloats;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Puts a text, as CSV has it, into a tensor, exactly or not at all. */
final class TextElements {
  private TextElements() {}

  static void put(TensorSink sink, String text, int row, boolean emptyIsNan)
      throws InferenceException {
    DataType datatype = sink.datatype();
    switch (datatype) {
      case BYTES -> sink.putBytes(text.getBytes(StandardCharsets.UTF_8));
      case BOOL -> sink.putInteger(bool(sink, text.strip(), row));
      case FP16, BF16, FP32, FP64 -> floating(sink, text.strip(), row, emptyIsNan);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
        sink.putInteger(integer(sink, text.strip(), row));
    }
  }

  private static long bool(TensorSink sink, String text, int row) throws InferenceException {
    return switch (text) {
      case "true", "True", "TRUE", "1" -> 1;
      case "false", "False", "FALSE", "0" -> 0;
      default -> throw wrong(sink, text, row, "true or false");
    };
  }

  private static void floating(TensorSink sink, String text, int row, boolean emptyIsNan)
      throws InferenceException {
    if (text.isEmpty() && emptyIsNan) {
      sink.putDouble(Double.NaN);
      return;
    }
    double value;
    try {
      value = Double.parseDouble(text);
      if (sink.datatype() == DataType.FP32) {
        float narrow = Float.parseFloat(text);
        requireFinite(sink, text, row, value, narrow);
        sink.putFloat(narrow);
        return;
      }
    } catch (NumberFormatException e) {
      throw wrong(sink, text, row, "a number");
    }
    requireFinite(sink, text, row, value, narrow(sink.datatype(), value));
    sink.putDouble(value);
  }

  private static double narrow(DataType datatype, double value) {
    return switch (datatype) {
      case FP16 -> HalfFloats.fromFloat16(HalfFloats.toFloat16(value));
      case BF16 -> HalfFloats.fromBfloat16(HalfFloats.toBfloat16(value));
      default -> value;
    };
  }

  /** A text that says Infinity may be infinite; one that merely is too large may not. */
  private static void requireFinite(
      TensorSink sink, String text, int row, double value, double narrow)
      throws InferenceException {
    if (Double.isInfinite(narrow) && !(Double.isInfinite(value) && text.endsWith("Infinity"))) {
      throw outOfRange(sink, text, row);
    }
  }

  private static long integer(TensorSink sink, String text, int row) throws InferenceException {
    BigInteger value;
    try {
      value = new BigInteger(text);
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
