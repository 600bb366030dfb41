package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.SignatureKind;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.NestedArray;
import java.io.IOException;

/**
 * Tables for a model whose MLflow signature has columns without names: the first count, by position, and those behind are not looked
 * at (mlflow.models.utils._enforce_unnamed_col_schema).
 */
final class LeadingColumns {
  private static final int ALL = -1;

  private final JsonBody json;
  private final HttpRequest request;
  private final int width;

  LeadingColumns(JsonBody json, HttpRequest request) {
    this.json = json;
    this.request = request;
    this.width = width(request);
  }

  /** How many count; negative where all do. */
  static int width(HttpRequest request) {
    ModelSignature signature = request.signature();
    if (request.signatureKind() != SignatureKind.UNNAMED_COLUMNS
        || signature.inputs().size() != 1) {
      return ALL;
    }
    Shape shape = signature.inputs().getFirst().shape();
    return switch (shape.rank()) {
      case 1 -> 1;
      case 2 -> (int) shape.dimension(1);
      default -> ALL;
    };
  }

  /**
   * Whether the row on which the parser stands has more than count.
   *
   * @param began where in the body the parser began: its positions count from there
   */
  boolean areFewer(JsonParser parser, int began) throws IOException, InferenceException {
    if (width < 0 || parser.currentToken() != JsonToken.START_ARRAY) {
      return false;
    }
    int at = began + (int) parser.currentTokenLocation().getByteOffset();
    return json.again(request.body(), at, request.length(), ahead -> {
      int came = 0;
      while (came <= width && ahead.nextToken() != JsonToken.END_ARRAY) {
        ahead.skipChildren();
        came++;
      }
      return came > width;
    });
  }

  /**
   * Reads the rest of an array of rows.
   *
   * @param length of each row; negative for that of the first
   */
  Shape read(JsonParser parser, TensorSink sink, int length)
      throws IOException, InferenceException {
    int expected = length;
    int row = 0;
    for (; parser.currentToken() != JsonToken.END_ARRAY; row++) {
      JsonBody.expectRow(parser, JsonToken.START_ARRAY, row);
      int column = 0;
      for (; parser.nextToken() != JsonToken.END_ARRAY; column++) {
        if (column < width) {
          value(parser, sink, row, column);
        } else {
          parser.skipChildren();
        }
      }
      expected = expected < 0 ? column : expected;
      if (column != expected) {
        throw InferenceException.badInput(
            "row " + row + " has " + column + " values, expected " + expected);
      }
      parser.nextToken();
    }
    return Shape.of(row, width);
  }

  private static void value(JsonParser parser, TensorSink sink, int row, int column)
      throws IOException, InferenceException {
    Shape came = NestedArray.read(parser, sink, ElementRules.DATA_FRAME);
    if (came.rank() != 0) {
      throw InferenceException.badInput(
          "row " + row + ", column " + column + ": expected a value, got an array");
    }
  }
}
