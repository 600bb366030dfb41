package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.FrameColumn;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.NestedArray;
import dev.slipway.serving.wire.json.WholeNumbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Which value may stand in a column of an MLflow signature, and in MLflow's words which may not
 * (mlflow.models.utils._enforce_mlflow_datatype): integers may become long and floating point, floating point an integer where it is
 * whole, an integer its digits in a column of strings, nothing becomes a truth value. JSON has one kind of integer: it is as wide as the column. A time is nanoseconds since 1970 where the model
 * takes INT64, and its text where it takes strings.
 */
final class SafeCasts {
  private static final String HINT = " Hint: the type mismatch is likely caused by missing values."
      + " Integer columns in python can not represent missing values and are therefore encoded as"
      + " floats. The best way to avoid this problem is to infer the model schema based on a"
      + " realistic data sample (training dataset) that includes missing values. Alternatively, you"
      + " can declare integer columns as doubles (float64) whenever these columns may have missing"
      + " values.";

  private SafeCasts() {}

  /** Puts the value that the parser stands on; answers its shape, that of a scalar but for columns of arrays. */
  static Shape put(FrameColumn column, JsonParser parser, TensorSink sink)
      throws IOException, InferenceException {
    switch (column.type()) {
      case BINARY -> sink.putBytes(base64(column, parser, sink));
      case DATETIME -> time(column, parser, sink);
      default -> {
        if (isCode(column, parser, sink)) {
          String digits = parser.getBigIntegerValue().toString();
          sink.putBytes(digits.getBytes(StandardCharsets.UTF_8));
          return Shape.of();
        }
        if (!isSafe(column.type(), parser)) {
          throw unsafe(column, parser.currentToken());
        }
        if (isTruthAsNumber(column, sink)) {
          putTruth(sink, parser.getBooleanValue() ? 1 : 0);
          return Shape.of();
        }
        return NestedArray.read(parser, sink, ElementRules.DATA_FRAME);
      }
    }
    return Shape.of();
  }

  /** A truth value among numbers, as in pandas.get_dummies: {@code DataFrame.values} of both has 1 and 0 for it. */
  private static boolean isTruthAsNumber(FrameColumn column, TensorSink sink) {
    return column.type() == FrameColumn.Type.BOOLEAN
        && sink.datatype() != DataType.BOOL
        && sink.datatype() != DataType.BYTES;
  }

  /** A category's code or a postal code that a client sends as a number: its digits, as MLflow's server has them. */
  private static boolean isCode(FrameColumn column, JsonParser parser, TensorSink sink) {
    return column.type() == FrameColumn.Type.STRING
        && sink.datatype() == DataType.BYTES
        && parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
  }

  private static void putTruth(TensorSink sink, int value) throws InferenceException {
    if (sink.datatype().isFloatingPoint()) {
      sink.putDouble(value);
    } else {
      sink.putInteger(value);
    }
  }

  private static boolean isSafe(FrameColumn.Type type, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (type) {
      case BOOLEAN -> token.isBoolean();
      case INTEGER ->
        token == JsonToken.VALUE_NUMBER_INT
            ? parser.getNumberType() == NumberType.INT
            : isWhole(parser) && parser.getDoubleValue() == (int) parser.getDoubleValue();
      case LONG ->
        token == JsonToken.VALUE_NUMBER_INT
            ? parser.getNumberType() != NumberType.BIG_INTEGER
            : isWhole(parser);
      case FLOAT, DOUBLE -> token.isNumeric() || token == JsonToken.VALUE_NULL || isSpecial(parser);
      case STRING -> token == JsonToken.VALUE_STRING;
      case BINARY, DATETIME, OTHER -> true;
    };
  }

  /** A pandas column of integers that once had a gap has {@code 1.0} for each: MLflow's server casts it back. */
  private static boolean isWhole(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
        && !parser.isNaN()
        && WholeNumbers.isLong(parser.getDecimalValue());
  }

  /** What JSON's numbers cannot say. */
  private static boolean isSpecial(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING
        && switch (parser.getText()) {
          case "NaN", "Infinity", "-Infinity" -> true;
          default -> false;
        };
  }

  private static byte[] base64(FrameColumn column, JsonParser parser, TensorSink sink)
      throws IOException, InferenceException {
    if (parser.currentToken() != JsonToken.VALUE_STRING || sink.datatype() != DataType.BYTES) {
      throw unsafe(column, parser.currentToken());
    }
    try {
      return Base64.getMimeDecoder().decode(parser.getText());
    } catch (IllegalArgumentException e) {
      throw InferenceException.badInput(
          "Failed to convert column " + column.name() + " to type 'bytes': it is not base64.");
    }
  }

  private static void time(FrameColumn column, JsonParser parser, TensorSink sink)
      throws IOException, InferenceException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      time(column, parser.getText(), sink);
    } else if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && sink.datatype() == DataType.INT64) {
      NestedArray.read(parser, sink, ElementRules.DATA_FRAME);
    } else {
      throw unsafe(column, parser.currentToken());
    }
  }

  private static void time(FrameColumn column, String text, TensorSink sink)
      throws InferenceException {
    long nanos = Datetimes.nanos(column.name(), text);
    switch (sink.datatype()) {
      case INT64 -> sink.putInteger(nanos);
      case BYTES -> sink.putBytes(text.getBytes(StandardCharsets.UTF_8));
      default ->
        throw InferenceException.badInput("Failed to convert column " + column.name()
            + " from type datetime64[ns] to the model's " + sink.datatype() + ".");
    }
  }

  /** Puts a text, as CSV has it. A truth value may be 1 or 0, as pandas reads them into a column of that type. */
  static void put(FrameColumn column, String text, TensorSink sink, int row)
      throws InferenceException {
    switch (column.type()) {
      case DATETIME -> time(column, text.strip(), sink);
      case INTEGER, LONG -> {
        if (TextElements.isMissing(text.strip())) {
          throw unsafe(column, JsonToken.VALUE_NULL);
        }
        if (!TextElements.isInteger(text.strip())) {
          throw unsafe(column, JsonToken.VALUE_NUMBER_FLOAT);
        }
        TextElements.put(sink, text, row, true);
      }
      default -> {
        if (isTruthAsNumber(column, sink)) {
          putTruth(sink, TextElements.bool(sink, text.strip(), row));
        } else {
          TextElements.put(sink, text, row, true);
        }
      }
    }
  }

  /** A row has no value where the column cannot be without. */
  static InferenceException missing(FrameColumn column) {
    return unsafe(column, JsonToken.VALUE_NULL);
  }

  private static InferenceException unsafe(FrameColumn column, JsonToken came) {
    boolean gap = came == JsonToken.VALUE_NULL
        && (column.type() == FrameColumn.Type.INTEGER || column.type() == FrameColumn.Type.LONG);
    return InferenceException.badInput("Incompatible input types for column " + column.name()
        + ". Can not safely convert " + pandas(came) + " to " + column.type().numpy() + "."
        + (gap ? HINT : ""));
  }

  /** What pandas makes of a column of such values. */
  private static String pandas(JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT -> "int64";
      case VALUE_NUMBER_FLOAT, VALUE_NULL -> "float64";
      case VALUE_TRUE, VALUE_FALSE -> "bool";
      case VALUE_STRING -> "str";
      default -> "object";
    };
  }
}
