package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.TensorMemory;
import java.util.ArrayList;
import java.util.List;

/** Gathers rows into one tensor for each input. Every row has a cell for every input, and a column's cells have one shape. */
final class ColumnSinks implements AutoCloseable {
  private static final int EXPECTED = 16;

  private final ModelSignature signature;
  private final TableRules rules;
  private final List<TensorSink> sinks = new ArrayList<>();
  private final Shape[] cells;
  private final int[] filled;
  private int rows;
  private boolean moved;

  ColumnSinks(ModelSignature signature, long maxElements, TableRules rules) {
    this.signature = signature;
    this.rules = rules;
    for (TensorSpec spec : signature.inputs()) {
      sinks.add(new TensorSink(spec.name(), spec.datatype(), EXPECTED, maxElements));
    }
    cells = new Shape[sinks.size()];
    filled = new int[sinks.size()];
  }

  int find(TensorSpec spec) {
    return signature.inputs().indexOf(spec);
  }

  TensorSink sink(int column) {
    return sinks.get(column);
  }

  /** Fails when the row has a cell of the column already. */
  void once(int column) throws InferenceException {
    if (filled[column] > rows) {
      throw InferenceException.badInput(
          "'" + sinks.get(column).name() + "' stands twice in row " + rows);
    }
  }

  /** Notes that a cell of this shape was put into the column's sink. */
  void cell(int column, Shape shape) throws InferenceException {
    filled[column]++;
    if (cells[column] == null) {
      cells[column] = shape;
    } else if (!cells[column].equals(shape)) {
      throw InferenceException.badInput(
          "row " + rows + ": '" + sinks.get(column).name() + "' has shape " + shape
              + ", in the rows before " + cells[column]);
    }
  }

  void endRow(int row) throws InferenceException {
    rows++;
    for (int i = 0; i < filled.length; i++) {
      if (filled[i] != rows) {
        throw InferenceException.misfit("row " + row + ": missing input "
            + SignatureCheck.describe(List.of(signature.inputs().get(i))));
      }
    }
  }

  void moveTo(TensorMemory memory) throws InferenceException {
    for (int i = 0; i < sinks.size(); i++) {
      TensorSpec spec = signature.inputs().get(i);
      SignatureCheck.shape(spec, shape(spec, cells[i]));
    }
    moved = true;
    for (int i = 0; i < sinks.size(); i++) {
      memory.add(sinks.get(i), shape(signature.inputs().get(i), cells[i]));
    }
  }

  private Shape shape(TensorSpec spec, Shape cell) {
    Shape came = withRows(cell);
    return rules == TableRules.MLFLOW
        ? TableShapes.fitCells(spec, came)
        : TableShapes.fit(spec, came);
  }

  private Shape withRows(Shape cell) {
    long[] inner = cell == null ? new long[0] : cell.toArray();
    long[] shape = new long[inner.length + 1];
    shape[0] = rows;
    System.arraycopy(inner, 0, shape, 1, inner.length);
    return Shape.of(shape);
  }

  @Override
  public void close() {
    if (!moved) {
      sinks.forEach(TensorSink::close);
    }
  }
}
