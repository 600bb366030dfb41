package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.NestedArray;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads records for one matrix, whose columns have no names: the first record says which columns there are and in which order.
 *
 * @param columns those that count
 * @param moreIgnored whether a row may have others behind them ({@link LeadingColumns})
 * @param names the columns that may not come again then
 */
record PositionalRecords(List<String> columns, boolean moreIgnored, Set<String> names) {

  static PositionalRecords of(HttpRequest request, List<String> first) throws InferenceException {
    int leading = LeadingColumns.width(request);
    boolean moreIgnored = leading >= 0 && leading <= first.size();
    List<String> columns = moreIgnored ? first.subList(0, leading) : first;
    var names = new HashSet<String>();
    for (String column : columns) {
      // It would pass for two columns.
      if (!names.add(column)) {
        throw twice(column, 0);
      }
    }
    return new PositionalRecords(columns, moreIgnored, names);
  }

  /** The parser stands on the array's bracket. */
  Shape read(JsonParser parser, TensorSink sink) throws IOException, InferenceException {
    int row = 0;
    Shape cell = null;
    for (; parser.nextToken() != JsonToken.END_ARRAY; row++) {
      JsonBody.expectRow(parser, JsonToken.START_OBJECT, row);
      for (String expected : columns) {
        String name = parser.nextFieldName();
        if (!expected.equals(name)) {
          throw InferenceException.badInput("row " + row + ": expected column '"
              + Echo.of(expected) + "', got "
              + (name == null ? "the row's end" : "'" + Echo.of(name) + "'")
              + "; the model does not name its columns, so every row gives them in one order");
        }
        parser.nextToken();
        cell = same(cell, NestedArray.read(parser, sink, ElementRules.DATA_FRAME), row, name);
      }
      end(parser, row);
    }
    return shape(row, columns.size(), cell);
  }

  private void end(JsonParser parser, int row) throws IOException, InferenceException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (!moreIgnored) {
        throw InferenceException.badInput(
            "row " + row + " has the column '" + Echo.of(name) + "' that row 0 has not");
      }
      if (names.contains(name)) {
        throw twice(name, row);
      }
      parser.nextToken();
      parser.skipChildren();
    }
  }

  private static InferenceException twice(String column, int row) {
    return InferenceException.badInput("'" + Echo.of(column) + "' stands twice in row " + row);
  }

  private static Shape same(Shape before, Shape came, int row, String column)
      throws InferenceException {
    if (before != null && !before.equals(came)) {
      throw InferenceException.badInput("row " + row + ": '" + Echo.of(column) + "' has shape "
          + came + ", the values before it " + before);
    }
    return came;
  }

  private static Shape shape(int rows, int columns, Shape cell) {
    long[] inner = cell == null ? new long[0] : cell.toArray();
    long[] shape = Arrays.copyOf(new long[] {rows, columns}, 2 + inner.length);
    System.arraycopy(inner, 0, shape, 2, inner.length);
    return Shape.of(shape);
  }
}
