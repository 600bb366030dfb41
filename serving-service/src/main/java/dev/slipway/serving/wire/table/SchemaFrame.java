package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.FrameColumn;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gathers a data frame by the columns of the model's MLflow signature: in whatever order they come, without those that the model
 * does not have. A value that is missing is NaN where the model takes floating point. The columns become one matrix, or one input
 * each.
 */
final class SchemaFrame implements AutoCloseable {
  /** A column of the caller that the model does not have. */
  static final int EXTRA = -1;

  private static final int EXPECTED = 16;
  /** So many columns that the model does not have are named. */
  private static final int MAX_EXTRA = 20;

  private final ModelSignature signature;
  private final TensorMemory memory;
  private final boolean matrix;
  private final List<Column> columns = new ArrayList<>();
  private final Set<String> extra = new LinkedHashSet<>();
  private int rows;
  private boolean moved;

  /** What has come of one column. */
  private static final class Column {
    private final FrameColumn column;
    private final TensorSpec spec;
    private final TensorSink sink;
    private Shape cell;
    private int filled;
    private boolean seen;
    private boolean gap;

    Column(FrameColumn column, TensorSpec spec, long maxElements) {
      this.column = column;
      this.spec = spec;
      this.sink = new TensorSink(spec.name(), spec.datatype(), EXPECTED, maxElements);
    }

    boolean isFloating() {
      return spec.datatype().isFloatingPoint();
    }
  }

  SchemaFrame(HttpRequest request, long maxElements, TensorMemory memory) {
    this.signature = request.signature();
    this.memory = memory;
    this.matrix = !request.columns().stream()
        .allMatch(column -> signature.input(column.name()).isPresent());
    for (FrameColumn column : request.columns()) {
      TensorSpec spec = matrix
          ? signature.inputs().getFirst()
          : signature.input(column.name()).orElseThrow();
      columns.add(new Column(column, spec, maxElements));
    }
  }

  /** In the order in which the model was trained. */
  List<String> names() {
    return columns.stream().map(column -> column.column.name()).toList();
  }

  /** The index of the column of that name; {@link #EXTRA} when the model has none. */
  int find(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).column.name().equals(name)) {
        columns.get(i).seen = true;
        return i;
      }
    }
    if (extra.size() < MAX_EXTRA) {
      extra.add(Echo.of(name));
    }
    return EXTRA;
  }

  /** Takes the value that the parser stands on. */
  void cell(int index, JsonParser parser) throws IOException, InferenceException {
    if (index == EXTRA) {
      parser.skipChildren();
      return;
    }
    put(once(index), parser);
  }

  /** Takes a whole column: the list that the parser stands on, or the one value of a single row. */
  void column(int index, JsonParser parser) throws IOException, InferenceException {
    if (index == EXTRA) {
      parser.skipChildren();
      return;
    }
    Column to = columns.get(index);
    if (to.filled > 0) {
      throw InferenceException.badInput("'" + to.column.name() + "' stands twice");
    }
    boolean list = parser.currentToken() == JsonToken.START_ARRAY;
    while (!list || parser.nextToken() != JsonToken.END_ARRAY) {
      to.filled++;
      put(to, parser);
      if (!list) {
        return;
      }
    }
  }

  /** After the last column: all are to have as many rows; one that did not come is missing in all of them. */
  void endColumns() throws InferenceException {
    Column first = null;
    for (Column column : columns) {
      if (column.seen && first == null) {
        first = column;
      } else if (column.seen && column.filled != first.filled) {
        throw InferenceException.misfit("columns '" + first.column.name() + "' and '"
            + column.column.name() + "' have " + first.filled + " and " + column.filled + " rows");
      }
    }
    int all = first == null ? 0 : first.filled;
    while (rows < all) {
      endRow();
    }
  }

  private void put(Column to, JsonParser parser) throws IOException, InferenceException {
    Shape shape = SafeCasts.put(to.column, parser, to.sink);
    Shape expected = matrix ? Shape.of() : to.cell;
    if (expected != null && !expected.equals(shape)) {
      throw InferenceException.badInput("row " + (to.filled - 1) + ": '" + to.column.name()
          + "' has shape " + shape + ", expected " + expected);
    }
    to.cell = shape;
  }

  /** Takes a text. */
  void cell(int index, String text) throws InferenceException {
    if (index != EXTRA) {
      Column to = once(index);
      SafeCasts.put(to.column, text, to.sink, rows);
      to.cell = Shape.of();
    }
  }

  private Column once(int index) throws InferenceException {
    Column column = columns.get(index);
    if (column.filled > rows) {
      throw InferenceException.badInput(
          "'" + column.column.name() + "' stands twice in row " + rows);
    }
    column.filled++;
    return column;
  }

  void endRow() throws InferenceException {
    rows++;
    for (Column column : columns) {
      if (column.filled < rows) {
        column.filled = rows;
        column.gap = true;
        if (column.isFloating()) {
          column.sink.putDouble(Double.NaN);
        }
      }
    }
  }

  /**
   * Hands the tensors over.
   *
   * @throws InferenceException when columns are missing, or the shape does not fit
   */
  void finish() throws InferenceException {
    requireAll();
    if (matrix) {
      TensorSpec spec = signature.inputs().getFirst();
      Shape shape = TableShapes.fit(spec, Shape.of(rows, columns.size()));
      SignatureCheck.shape(spec, shape);
      memory.addRaw(spec.name(), spec.datatype(), shape, rowByRow());
      return;
    }
    List<Column> given = columns.stream().filter(column -> !isLeftOut(column)).toList();
    for (Column column : given) {
      SignatureCheck.shape(column.spec, shape(column));
    }
    moved = true;
    for (Column column : columns) {
      if (isLeftOut(column)) {
        column.sink.close();
      } else {
        memory.add(column.sink, shape(column));
      }
    }
  }

  private boolean isLeftOut(Column column) {
    return !column.seen && column.spec.optional();
  }

  private void requireAll() throws InferenceException {
    List<String> missing = new ArrayList<>();
    for (Column column : columns) {
      boolean optional = isLeftOut(column) || (column.isFloating() && !column.column.required());
      if (!column.seen && !optional) {
        missing.add(column.column.name());
      }
    }
    if (!missing.isEmpty()) {
      throw new InferenceException(
          Kind.BAD_PARAMETER,
          "Failed to enforce schema. Error: Model is missing inputs " + list(missing) + "."
              + (extra.isEmpty()
                  ? ""
                  : " Note that there were extra inputs: " + list(extra) + "."));
    }
    for (Column column : columns) {
      if (column.gap && !column.isFloating() && !isLeftOut(column)) {
        throw SafeCasts.missing(column.column);
      }
    }
  }

  private static String list(Collection<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  private Shape shape(Column column) {
    long[] inner = column.cell == null ? new long[0] : column.cell.toArray();
    long[] shape = new long[inner.length + 1];
    shape[0] = rows;
    System.arraycopy(inner, 0, shape, 1, inner.length);
    return TableShapes.fit(column.spec, Shape.of(shape));
  }

  private ByteBuffer rowByRow() {
    List<ByteBuffer> from = new ArrayList<>();
    int bytes = 0;
    for (Column column : columns) {
      Tensor tensor = column.sink.finish(Shape.of(rows));
      from.add(tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN));
      bytes = Math.addExact(bytes, tensor.data().remaining());
    }
    DataType datatype = signature.inputs().getFirst().datatype();
    ByteBuffer to = ByteBuffer.allocate(bytes);
    for (int row = 0; row < rows; row++) {
      for (ByteBuffer column : from) {
        int size = datatype == DataType.BYTES
            ? Integer.BYTES + column.getInt(column.position())
            : datatype.elementSize();
        to.put(column.slice(column.position(), size));
        column.position(column.position() + size);
      }
    }
    return to.flip();
  }

  @Override
  public void close() {
    if (!moved) {
      columns.forEach(column -> column.sink.close());
    }
  }
}
