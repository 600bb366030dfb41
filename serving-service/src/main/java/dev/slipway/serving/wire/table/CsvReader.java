package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * CSV with a header line (RFC 4180). The header names inputs; for a model of one two-dimensional input, whose columns have no names,
 * any header will do and the columns count by position. As pandas and MLflow read it, columns that the model does not have are ignored,
 * where it can be told which those are.
 */
public final class CsvReader {
  private static final int IGNORED = -1;

  private final HttpRequest request;
  private final ModelSignature signature;
  private final long maxElements;
  private final boolean asPandas;
  private final TensorMemory memory;
  private final CsvLines lines;

  /**
   * @param asPandas whether what is missing is NaN, and columns may be ignored; else either is an error
   */
  public CsvReader(HttpRequest request, long maxElements, boolean asPandas, TensorMemory memory)
      throws InferenceException {
    this.request = request;
    this.signature = request.signature();
    this.maxElements = maxElements;
    this.asPandas = asPandas;
    this.memory = memory;
    this.lines = new CsvLines(text(request));
  }

  private static String text(HttpRequest request) throws InferenceException {
    // Two bytes a character while it is decoded, and as many in the text.
    request.reserve(4L * request.length());
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(request.body(), 0, request.length()))
          .toString();
    } catch (CharacterCodingException e) {
      throw InferenceException.badInput("the CSV is not UTF-8");
    }
  }

  public void read() throws InferenceException {
    List<String> header = lines.next();
    if (header == null) {
      throw InferenceException.badInput("the CSV is empty; a header line is expected");
    }
    if (!request.columns().isEmpty()) {
      List<String> names = header.stream().map(String::strip).toList();
      new SchemaReader(request, maxElements, memory).csv(names, lines);
      return;
    }
    boolean byName =
        header.stream().allMatch(name -> signature.input(name.strip()).isPresent());
    if (!byName && signature.inputs().size() == 1) {
      matrix(signature.inputs().getFirst(), header);
    } else {
      named(header);
    }
  }

  private void matrix(TensorSpec spec, List<String> header) throws InferenceException {
    int width = header.size();
    int counted = counted(header);
    var sink = new TensorSink(spec.name(), spec.datatype(), width, maxElements);
    boolean added = false;
    try {
      int row = 0;
      for (List<String> line = line(width, row); line != null; line = line(width, ++row)) {
        for (int column = 0; column < counted; column++) {
          TextElements.put(sink, line.get(column), row, asPandas);
        }
      }
      Shape shape = TableShapes.fit(spec, Shape.of(row, counted));
      SignatureCheck.shape(spec, shape);
      memory.add(sink, shape);
      added = true;
    } finally {
      if (!added) {
        sink.close();
      }
    }
  }

  /** How many columns are the model's. */
  private int counted(List<String> header) throws InferenceException {
    int leading = asPandas ? LeadingColumns.width(request) : -1;
    if (leading < 0 || header.size() <= leading) {
      return header.size();
    }
    if (header.getFirst().isBlank()) {
      throw InferenceException.badInput("the CSV has " + header.size() + " columns, of which the"
          + " first has no name, as pandas writes an index; the model takes the first " + leading
          + ": write it without the index (index=False)");
    }
    return leading;
  }

  private void named(List<String> header) throws InferenceException {
    var check = new SignatureCheck(signature);
    try (var columns = new ColumnSinks(signature, maxElements, TableRules.EXACT)) {
      int[] order = new int[header.size()];
      for (int i = 0; i < order.length; i++) {
        String name = header.get(i).strip();
        boolean ignored = asPandas && signature.input(name).isEmpty();
        order[i] = ignored ? IGNORED : columns.find(check.input(name));
      }
      int row = 0;
      for (List<String> line = line(order.length, row);
          line != null;
          line = line(order.length, ++row)) {
        for (int i = 0; i < order.length; i++) {
          if (order[i] != IGNORED) {
            columns.once(order[i]);
            TextElements.put(columns.sink(order[i]), line.get(i), row, asPandas);
            columns.cell(order[i], Shape.of());
          }
        }
        columns.endRow(row);
      }
      if (row == 0) {
        refuseMissing(order);
      }
      columns.moveTo(memory);
    }
  }

  /** Rows say it themselves, where there are any. */
  private void refuseMissing(int[] order) throws InferenceException {
    for (int i = 0; i < signature.inputs().size(); i++) {
      int input = i;
      if (Arrays.stream(order).noneMatch(column -> column == input)) {
        throw InferenceException.misfit("missing input "
            + SignatureCheck.describe(List.of(signature.inputs().get(i))));
      }
    }
  }

  private List<String> line(int width, int row) throws InferenceException {
    List<String> line = lines.next();
    if (line != null && line.size() != width) {
      throw InferenceException.badInput(
          "row " + row + " has " + line.size() + " values, the header " + width);
    }
    return line;
  }
}
