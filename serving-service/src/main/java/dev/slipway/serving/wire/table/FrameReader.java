package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.NestedArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Reads pandas' data frames as JSON (orient "split" and "records"). A model that was logged with an MLflow signature is asked by its
 * columns. Else columns are inputs by name; for a model of one input, whose columns have
 * no names, they count by position, as MLflow's ONNX flavor feeds a frame to such a model.
 */
public final class FrameReader {
  private static final int NOT_SEEN = -1;

  private final JsonBody json;
  private final HttpRequest request;
  private final ModelSignature signature;
  private final TensorMemory memory;

  public FrameReader(JsonBody json, HttpRequest request, TensorMemory memory) {
    this.json = json;
    this.request = request;
    this.signature = request.signature();
    this.memory = memory;
  }

  /** {@code {"columns": [...], "data": [[...], ...]}}; an index is not used. */
  public void split(JsonParser parser, String what) throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_OBJECT, what);
    List<String> columns = null;
    int dataAt = NOT_SEEN;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      switch (field) {
        case "columns" -> columns = names(parser);
        case "data" -> {
          dataAt = (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
        }
        default -> parser.skipChildren();
      }
    }
    if (dataAt == NOT_SEEN) {
      throw InferenceException.badInput(what + " has no 'data'");
    }
    List<String> header = columns;
    int began = dataAt;
    json.again(request.body(), began, request.length(), data -> {
      JsonBody.expect(data, JsonToken.START_ARRAY, "'data'");
      data.nextToken();
      if (request.columns().isEmpty()) {
        lists(data, header, began);
      } else {
        schema().lists(data, header);
      }
      return header;
    });
  }

  private SchemaReader schema() {
    return new SchemaReader(request, json.maxElements(), memory);
  }

  /** Null when there are none. */
  private static List<String> names(JsonParser parser) throws IOException, InferenceException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    JsonBody.expect(parser, JsonToken.START_ARRAY, "'columns'");
    var names = new ArrayList<String>();
    var seen = new HashSet<String>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String name = parser.getText();
      if (!seen.add(name)) {
        throw InferenceException.misfit("'columns' has a name twice: '" + Echo.of(name) + "'");
      }
      names.add(name);
      TableShapes.width(names.size());
    }
    return names;
  }

  private boolean isByName(List<String> columns) {
    return columns != null
        && (signature.inputs().size() > 1
            || columns.stream().allMatch(name -> signature.input(name).isPresent())
            || isTensorAmong(columns));
  }

  /** Whether a column holds the model's only tensor, and the others nothing of it. */
  private boolean isTensorAmong(List<String> columns) {
    if (!request.signatureKind().isTensors() || signature.inputs().size() != 1) {
      return false;
    }
    TensorSpec only = signature.inputs().getFirst();
    return columns.contains(only.name()) && !only.shape().accepts(Shape.of(1, columns.size()));
  }

  private void lists(JsonParser parser, List<String> columns, int began)
      throws IOException, InferenceException {
    if (!isByName(columns) && signature.inputs().size() == 1) {
      matrix(parser, columns, began);
      return;
    }
    try (var sinks = new ColumnSinks(signature, json.maxElements(), TableRules.MLFLOW)) {
      int width = columns == null ? signature.inputs().size() : columns.size();
      int[] order = new int[width];
      for (int i = 0; i < width; i++) {
        order[i] = columns == null ? i : find(sinks, columns.get(i));
      }
      for (int row = 0; parser.currentToken() != JsonToken.END_ARRAY; row++) {
        JsonBody.expectRow(parser, JsonToken.START_ARRAY, row);
        int column = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (column == width) {
            throw width(row, width);
          }
          int at = order[column++];
          if (at < 0) {
            parser.skipChildren();
          } else {
            sinks.cell(at, NestedArray.read(parser, sinks.sink(at), ElementRules.DATA_FRAME));
          }
        }
        if (column != width) {
          throw width(row, width);
        }
        sinks.endRow(row);
        parser.nextToken();
      }
      sinks.moveTo(memory);
    }
  }

  /** Negative for a column that the model does not have: it is ignored, as MLflow does it. */
  private int find(ColumnSinks sinks, String column) {
    return signature.input(column).map(sinks::find).orElse(NOT_SEEN);
  }

  private static InferenceException width(int row, int width) {
    return InferenceException.badInput("row " + row + " does not have " + width + " values");
  }

  private void matrix(JsonParser parser, List<String> columns, int began)
      throws IOException, InferenceException {
    TensorSpec spec = signature.inputs().getFirst();
    var sink = new TensorSink(spec.name(), spec.datatype(), 16, json.maxElements());
    boolean added = false;
    try {
      add(spec, sink, rows(parser, sink, columns, began));
      added = true;
    } finally {
      if (!added) {
        sink.close();
      }
    }
  }

  private Shape rows(JsonParser parser, TensorSink sink, List<String> columns, int began)
      throws IOException, InferenceException {
    var leading = new LeadingColumns(json, request);
    if (leading.areFewer(parser, began)) {
      return leading.read(parser, sink, columns == null ? NOT_SEEN : columns.size());
    }
    Shape came = NestedArray.readOpened(parser, sink, ElementRules.DATA_FRAME);
    if (columns != null && came.rank() > 1 && came.dimension(1) != columns.size()) {
      throw InferenceException.badInput(
          "'columns' names " + columns.size() + " columns, the rows have " + came.dimension(1));
    }
    return came;
  }

  private void add(TensorSpec spec, TensorSink sink, Shape came) throws InferenceException {
    Shape shape = TableShapes.fitCells(spec, spec.shape().accepts(came) ? came : ofCells(came));
    SignatureCheck.shape(spec, shape);
    memory.add(sink, shape);
  }

  /** A frame's only column, of lists, holds each row's whole value. */
  private static Shape ofCells(Shape came) {
    if (came.rank() < 3 || came.dimension(1) != 1) {
      return came;
    }
    long[] dimensions = came.toArray();
    long[] cells = Arrays.copyOfRange(dimensions, 1, dimensions.length);
    cells[0] = dimensions[0];
    return Shape.of(cells);
  }

  /** An object from column name to its values, for a model that was logged with a signature of columns. */
  public void columns(JsonParser parser) throws IOException, InferenceException {
    schema().columns(parser);
  }

  /** An array of objects from column name to value. */
  public void records(JsonParser parser, String what) throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_ARRAY, what);
    if (!request.columns().isEmpty()) {
      schema().records(parser);
      return;
    }
    int at = (int) parser.currentTokenLocation().getByteOffset();
    List<String> first = json.again(request.body(), at, request.length(), TableReader::firstRecord);
    if (signature.inputs().size() > 1 || isByName(first)) {
      new TableReader(json, request, ElementRules.DATA_FRAME, memory, TableRules.MLFLOW)
          .rows(parser, what);
    } else {
      recordMatrix(parser, PositionalRecords.of(request, first));
    }
  }

  private void recordMatrix(JsonParser parser, PositionalRecords records)
      throws IOException, InferenceException {
    TensorSpec spec = signature.inputs().getFirst();
    var sink = new TensorSink(spec.name(), spec.datatype(), 16, json.maxElements());
    boolean added = false;
    try {
      add(spec, sink, records.read(parser, sink));
      added = true;
    } finally {
      if (!added) {
        sink.close();
      }
    }
  }
}
