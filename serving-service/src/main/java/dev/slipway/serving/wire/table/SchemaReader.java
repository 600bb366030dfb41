package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.JsonBody;
import java.io.IOException;
import java.util.List;

/** Reads data frames, in JSON and as CSV, for models whose columns are known by name ({@link SchemaFrame}). */
final class SchemaReader {
  private final HttpRequest request;
  private final long maxElements;
  private final TensorMemory memory;

  SchemaReader(HttpRequest request, long maxElements, TensorMemory memory) {
    this.request = request;
    this.maxElements = maxElements;
    this.memory = memory;
  }

  private SchemaFrame frame() {
    return new SchemaFrame(request, maxElements, memory);
  }

  /**
   * The rest of an array of rows, each a list.
   *
   * @param header the columns' names; null for the model's own, in its order
   */
  void lists(JsonParser parser, List<String> header) throws IOException, InferenceException {
    try (SchemaFrame frame = frame()) {
      int[] order = order(frame, header == null ? frame.names() : header);
      for (int row = 0; parser.currentToken() != JsonToken.END_ARRAY; row++) {
        JsonBody.expectRow(parser, JsonToken.START_ARRAY, row);
        int column = 0;
        for (; parser.nextToken() != JsonToken.END_ARRAY; column++) {
          if (column < order.length) {
            frame.cell(order[column], parser);
          } else {
            parser.skipChildren();
          }
        }
        if (column != order.length) {
          throw InferenceException.badInput(
              "'columns' names " + order.length + " columns, row " + row + " has " + column);
        }
        frame.endRow();
        parser.nextToken();
      }
      frame.finish();
    }
  }

  private static int[] order(SchemaFrame frame, List<String> header) {
    return header.stream().mapToInt(frame::find).toArray();
  }

  /** An array of objects from column name to value; the parser stands on its bracket. */
  void records(JsonParser parser) throws IOException, InferenceException {
    try (SchemaFrame frame = frame()) {
      for (int row = 0; parser.nextToken() != JsonToken.END_ARRAY; row++) {
        JsonBody.expectRow(parser, JsonToken.START_OBJECT, row);
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          frame.cell(frame.find(name), parser);
        }
        frame.endRow();
      }
      frame.finish();
    }
  }

  /** An object from column name to its values, or, for a single row, its value. */
  void columns(JsonParser parser) throws IOException, InferenceException {
    try (SchemaFrame frame = frame()) {
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        frame.column(frame.find(name), parser);
      }
      frame.endColumns();
      frame.finish();
    }
  }

  void csv(List<String> header, CsvLines lines) throws InferenceException {
    try (SchemaFrame frame = frame()) {
      int[] order = order(frame, header);
      int row = 0;
      for (List<String> line = lines.next(); line != null; line = lines.next()) {
        if (line.size() != order.length) {
          throw InferenceException.badInput(
              "row " + row + " has " + line.size() + " values, the header " + order.length);
        }
        for (int i = 0; i < order.length; i++) {
          frame.cell(order[i], line.get(i));
        }
        frame.endRow();
        row++;
      }
      frame.finish();
    }
  }
}
