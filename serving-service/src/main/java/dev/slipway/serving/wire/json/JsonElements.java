package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.predict.HalfFloats;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Puts the JSON value that a parser stands on into a tensor, exactly or not at all. */
final class JsonElements {
  private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+");

  private final JsonParser parser;
  private final TensorSink sink;
  private final ElementRules rules;
  private final DataType datatype;
  /** Null where the parser cannot run along numbers. */
  private final NumbersParser numbers;

  private final NumbersParser.Taker taker;

  JsonElements(JsonParser parser, TensorSink sink, ElementRules rules) {
    this.parser = parser;
    this.sink = sink;
    this.rules = rules;
    this.datatype = sink.datatype();
    this.numbers = parser instanceof NumbersParser fast ? fast : null;
    this.taker = taker();
  }

  /**
   * Puts the numbers that come next in an array, as many as need no second look.
   *
   * @param opened whether the parser stands on the array's bracket; else on a value in it
   * @return how many
   */
  int numbers(boolean opened) throws InferenceException {
    return numbers == null ? 0 : numbers.numbers(opened, taker);
  }

  private NumbersParser.Taker taker() {
    return switch (datatype) {
      case FP32 -> this::takeFp32;
      case FP64, FP16, BF16 -> this::takeFloating;
      case BOOL, BYTES -> _ -> false;
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> this::takeInteger;
    };
  }

  private boolean takeFp32(NumberScan number) throws InferenceException {
    if (isNegativeZero(number)) {
      return false;
    }
    float value = Decimals.toFloat(number.mantissa(), number.exponent());
    if (Float.isNaN(value)) {
      return false;
    }
    sink.putFloat(number.negative() ? -value : value);
    return true;
  }

  private boolean takeFloating(NumberScan number) throws InferenceException {
    double value = Decimals.toDouble(number.mantissa(), number.exponent());
    if (isNegativeZero(number) || Double.isNaN(value) || !fits(value)) {
      return false;
    }
    sink.putDouble(number.negative() ? -value : value);
    return true;
  }

  /** Written as an integer, which it is not. */
  private static boolean isNegativeZero(NumberScan number) {
    return number.mantissa() == 0 && number.integer() && number.negative();
  }

  private boolean takeInteger(NumberScan number) throws InferenceException {
    if (!number.integer() && !rules.wholeFloats()) {
      return false;
    }
    long magnitude = WholeNumbers.magnitude(number);
    long value = number.negative() ? -magnitude : magnitude;
    if (magnitude < 0 || !fits(value)) {
      return false;
    }
    sink.putInteger(value);
    return true;
  }

  void put(JsonToken token) throws IOException, InferenceException {
    switch (datatype) {
      case FP32 -> putFp32(token);
      case FP64, FP16, BF16 -> sink.putDouble(floating(token));
      case BOOL -> sink.putInteger(bool(token));
      case BYTES -> sink.putBytes(bytes(token));
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
        sink.putInteger(integer(token));
    }
  }

  private void putFp32(JsonToken token) throws IOException, InferenceException {
    if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
      sink.putFloat((float) special(token));
      return;
    }
    float value = parser.getFloatValue();
    if (Float.isInfinite(value) && !isWord()) {
      throw outOfRange();
    }
    sink.putFloat(value);
  }

  private double floating(JsonToken token) throws IOException, InferenceException {
    if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
      return special(token);
    }
    double value = parser.getDoubleValue();
    if (!fits(value) && !isWord()) {
      throw outOfRange();
    }
    return value;
  }

  /** Whether it stands there as a word that is no JSON: {@code Infinity}, as Python writes it. */
  private boolean isWord() throws IOException {
    String text = parser.getText();
    return Character.isLetter(text.charAt(text.length() - 1));
  }

  private boolean fits(double value) {
    return switch (datatype) {
      case FP16 -> !Float.isInfinite(HalfFloats.fromFloat16(HalfFloats.toFloat16(value)));
      case BF16 -> !Float.isInfinite(HalfFloats.fromBfloat16(HalfFloats.toBfloat16(value)));
      default -> !Double.isInfinite(value);
    };
  }

  /** What JSON's numbers cannot say. */
  private double special(JsonToken token) throws IOException, InferenceException {
    if (token == JsonToken.VALUE_NULL && rules.nullIsNan()) {
      return Double.NaN;
    }
    if (token == JsonToken.VALUE_STRING) {
      return switch (parser.getText()) {
        case "NaN" -> Double.NaN;
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        default -> throw wrongType("a number");
      };
    }
    throw wrongType("a number");
  }

  private long integer(JsonToken token) throws IOException, InferenceException {
    if (token == JsonToken.VALUE_NUMBER_FLOAT && rules.wholeFloats() && !parser.isNaN()) {
      return whole(parser.getDecimalValue());
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType("an integer");
    }
    if (parser.getNumberType() == NumberType.BIG_INTEGER) {
      BigInteger value = parser.getBigIntegerValue();
      if (datatype == DataType.UINT64 && value.signum() >= 0 && value.bitLength() <= Long.SIZE) {
        return value.longValue();
      }
      throw outOfRange();
    }
    long value = parser.getLongValue();
    if (!fits(value)) {
      throw outOfRange();
    }
    return value;
  }

  private long whole(BigDecimal number) throws IOException, InferenceException {
    if (WholeNumbers.isLong(number) && fits(number.longValue())) {
      return number.longValue();
    }
    throw WholeNumbers.isLong(number) || WholeNumbers.isLarge(number)
        ? outOfRange()
        : wrongType("an integer");
  }

  private boolean fits(long value) {
    int bits = datatype.elementSize() * Byte.SIZE;
    return datatype.isUnsigned()
        ? value >= 0 && (bits == Long.SIZE || value >>> bits == 0)
        : bits == Long.SIZE || (value << (Long.SIZE - bits)) >> (Long.SIZE - bits) == value;
  }

  private long bool(JsonToken token) throws IOException, InferenceException {
    return switch (token) {
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      default -> throw wrongType("true or false");
    };
  }

  private byte[] bytes(JsonToken token) throws IOException, InferenceException {
    if (token == JsonToken.VALUE_STRING) {
      String text = parser.getText();
      if (hasLoneSurrogate(text)) {
        throw InferenceException.badInput(
            element() + ": half of a surrogate pair is no character, and has no UTF-8");
      }
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (token == JsonToken.START_OBJECT && rules.base64()) {
      return base64();
    }
    throw wrongType("a string");
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private byte[] base64() throws IOException, InferenceException {
    if (!"b64".equals(parser.nextFieldName()) || parser.nextToken() != JsonToken.VALUE_STRING) {
      throw InferenceException.badInput(element() + ": bytes in an object are {\"b64\": \"…\"}");
    }
    try {
      // Python's encodebytes() breaks its lines.
      byte[] value =
          Base64.getDecoder().decode(LINE_ENDS.matcher(parser.getText()).replaceAll(""));
      if (parser.nextToken() != JsonToken.END_OBJECT) {
        throw InferenceException.badInput(element() + ": nothing may stand beside \"b64\"");
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw InferenceException.badInput(element() + ": not base64");
    }
  }

  private InferenceException outOfRange() throws IOException {
    return InferenceException.badInput(
        element() + ": " + JsonBody.describe(parser) + " is out of range for " + datatype);
  }

  private InferenceException wrongType(String expected) throws IOException {
    return InferenceException.badInput(
        element() + ": " + datatype + " takes " + expected + ", got " + JsonBody.describe(parser));
  }

  private String element() {
    return "input '" + sink.name() + "', element " + sink.count();
  }
}
