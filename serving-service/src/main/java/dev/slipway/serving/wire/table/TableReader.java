package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.DataType;
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
import java.util.List;

/** Reads rows, columns and named tensors into {@link TensorMemory}. */
public final class TableReader {
  private static final int EXPECTED = 16;

  private final JsonBody json;
  private final HttpRequest request;
  private final ModelSignature signature;
  private final SignatureCheck check;
  private final ElementRules rules;
  private final TensorMemory memory;
  private final TableRules tableRules;

  public TableReader(JsonBody json, HttpRequest request, ElementRules rules, TensorMemory memory) {
    this(json, request, rules, memory, TableRules.EXACT);
  }

  public TableReader(
      JsonBody json,
      HttpRequest request,
      ElementRules rules,
      TensorMemory memory,
      TableRules tableRules) {
    this.json = json;
    this.request = request;
    this.signature = request.signature();
    this.check = new SignatureCheck(signature);
    this.rules = rules;
    this.memory = memory;
    this.tableRules = tableRules;
  }

  /** An array of rows: objects by input name; else values or lists, see the package. */
  public void rows(JsonParser parser, String what) throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_ARRAY, what);
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT && !isBase64(parser)) {
      objects(parser);
    } else if (signature.inputs().size() == 1) {
      single(parser, true);
    } else {
      lists(parser);
    }
  }

  private boolean isBase64(JsonParser parser) throws IOException, InferenceException {
    if (!rules.base64()
        || signature.inputs().size() != 1
        || signature.inputs().getFirst().datatype() != DataType.BYTES) {
      return false;
    }
    int at = (int) parser.currentTokenLocation().getByteOffset();
    return json.again(
        request.body(), at, request.length(), ahead -> "b64".equals(ahead.nextFieldName()));
  }

  /** An object from column name to the column's values. */
  public void columns(JsonParser parser, String what) throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_OBJECT, what);
    String firstName = null;
    long firstLength = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      TensorSpec spec = column(name);
      if (value != JsonToken.START_ARRAY) {
        throw InferenceException.badInput(
            "column '" + name + "' is to be an array, got " + JsonBody.describe(parser));
      }
      Shape shape = tensor(parser, spec, true);
      if (firstName == null) {
        firstName = name;
        firstLength = shape.dimension(0);
      } else if (shape.dimension(0) != firstLength) {
        throw InferenceException.badInput("columns '" + firstName + "' and '" + name + "' have "
            + firstLength + " and " + shape.dimension(0) + " rows");
      }
    }
  }

  private TensorSpec column(String name) throws InferenceException {
    if (signature.inputs().size() == 1 && signature.input(name).isEmpty()) {
      TensorSpec only = signature.inputs().getFirst();
      throw InferenceException.misfit(
          "unknown column '" + Echo.of(name) + "'; the model takes one tensor, "
              + SignatureCheck.describe(signature.inputs())
              + ", and does not name its columns: give each row as a list, or the tensor as \""
              + only.name() + "\"");
    }
    return check.input(name);
  }

  /** An object from input name to nested arrays; for a model of one input also the arrays alone. */
  public void tensors(JsonParser parser, String what) throws IOException, InferenceException {
    if (parser.currentToken() != JsonToken.START_OBJECT || isBase64(parser)) {
      if (signature.inputs().size() != 1) {
        throw InferenceException.misfit(what + " is to be an object from input name to values,"
            + " for the model takes " + SignatureCheck.describe(signature.inputs()));
      }
      single(parser, false);
      return;
    }
    String extra = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (isIgnored(name)) {
        extra = name;
        parser.skipChildren();
      } else {
        tensor(parser, check.input(name), false);
      }
    }
    if (extra != null && isAnyMissing()) {
      // Most likely the missing input's name, mistyped.
      check.input(extra);
    }
  }

  private boolean isIgnored(String name) {
    return tableRules == TableRules.MLFLOW && signature.input(name).isEmpty();
  }

  private boolean isAnyMissing() {
    return signature.inputs().stream()
        .filter(spec -> !spec.optional())
        .anyMatch(spec ->
            memory.tensors().stream().noneMatch(tensor -> tensor.name().equals(spec.name())));
  }

  private Shape tensor(JsonParser parser, TensorSpec spec, boolean fit)
      throws IOException, InferenceException {
    var sink = new TensorSink(spec.name(), spec.datatype(), EXPECTED, json.maxElements());
    try {
      Shape came = NestedArray.read(parser, sink, rules);
      return add(spec, sink, fit ? TableShapes.fit(spec, came) : came);
    } catch (IOException | InferenceException | RuntimeException | Error e) {
      sink.close();
      throw e;
    }
  }

  private void single(JsonParser parser, boolean opened) throws IOException, InferenceException {
    TensorSpec spec = signature.inputs().getFirst();
    var sink = new TensorSink(spec.name(), spec.datatype(), EXPECTED, json.maxElements());
    try {
      add(spec, sink, TableShapes.fit(spec, single(parser, opened, sink)));
    } catch (IOException | InferenceException | RuntimeException | Error e) {
      sink.close();
      throw e;
    }
  }

  private Shape single(JsonParser parser, boolean opened, TensorSink sink)
      throws IOException, InferenceException {
    if (tableRules == TableRules.MLFLOW && LeadingColumns.width(request) >= 0) {
      boolean inside = opened;
      if (!inside && parser.currentToken() == JsonToken.START_ARRAY) {
        parser.nextToken();
        inside = true;
      }
      var leading = new LeadingColumns(json, request);
      if (inside) {
        return leading.areFewer(parser, 0)
            ? leading.read(parser, sink, -1)
            : NestedArray.readOpened(parser, sink, rules);
      }
    }
    return opened
        ? NestedArray.readOpened(parser, sink, rules)
        : NestedArray.read(parser, sink, rules);
  }

  private Shape add(TensorSpec spec, TensorSink sink, Shape shape) throws InferenceException {
    SignatureCheck.shape(spec, shape);
    memory.add(sink, shape);
    return shape;
  }

  /** The names of an array's first object; none where it holds something else. */
  static List<String> firstRecord(JsonParser parser) throws IOException, InferenceException {
    var names = new ArrayList<String>();
    if (parser.currentToken() == JsonToken.START_OBJECT
        || parser.nextToken() == JsonToken.START_OBJECT) {
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        names.add(name);
        TableShapes.width(names.size());
        parser.nextToken();
        parser.skipChildren();
      }
    }
    return names;
  }

  /** Of one tensor, only where it is there itself: else the others are most likely its columns. */
  private boolean ignoresOthers(JsonParser parser) throws IOException, InferenceException {
    if (tableRules != TableRules.MLFLOW || signature.inputs().size() != 1) {
      return tableRules == TableRules.MLFLOW;
    }
    int at = (int) parser.currentTokenLocation().getByteOffset();
    return json.again(request.body(), at, request.length(), TableReader::firstRecord)
        .contains(signature.inputs().getFirst().name());
  }

  private void objects(JsonParser parser) throws IOException, InferenceException {
    boolean othersIgnored = ignoresOthers(parser);
    try (var columns = new ColumnSinks(signature, json.maxElements(), tableRules)) {
      int row = 0;
      while (parser.currentToken() != JsonToken.END_ARRAY) {
        JsonBody.expectRow(parser, JsonToken.START_OBJECT, row);
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          if (othersIgnored && isIgnored(name)) {
            parser.skipChildren();
            continue;
          }
          int column = columns.find(column(name));
          columns.once(column);
          columns.cell(column, NestedArray.read(parser, columns.sink(column), rules));
        }
        columns.endRow(row++);
        parser.nextToken();
      }
      columns.moveTo(memory);
    }
  }

  private void lists(JsonParser parser) throws IOException, InferenceException {
    int width = signature.inputs().size();
    try (var columns = new ColumnSinks(signature, json.maxElements(), tableRules)) {
      int row = 0;
      while (parser.currentToken() != JsonToken.END_ARRAY) {
        JsonBody.expectRow(parser, JsonToken.START_ARRAY, row);
        int column = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (column == width) {
            throw InferenceException.badInput("row " + row + " has more than " + width
                + " values; the model takes " + SignatureCheck.describe(signature.inputs()));
          }
          columns.cell(column, NestedArray.read(parser, columns.sink(column), rules));
          column++;
        }
        columns.endRow(row++);
        parser.nextToken();
      }
      columns.moveTo(memory);
    }
  }
}
