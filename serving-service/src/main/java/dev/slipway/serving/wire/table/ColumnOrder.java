package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.TensorMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Puts a data frame's columns into the order in which the model was trained, by the names in its MLflow signature; columns that
 * the model does not have are dropped, as MLflow drops them. Without such a signature columns count by position.
 */
final class ColumnOrder {
  private final List<String> trained;

  /** @param trained the model's columns; empty when it does not say */
  ColumnOrder(List<String> trained) {
    this.trained = trained;
  }

  /**
   * Adds the matrix that the sink holds.
   *
   * @param came rows and columns
   * @param columns the caller's names; null for none
   * @throws InferenceException when columns are missing, or the shape does not fit
   */
  void add(TensorMemory memory, TensorSpec spec, TensorSink sink, Shape came, List<String> columns)
      throws InferenceException {
    if (isInOrder(came, columns)) {
      Shape shape = TableShapes.fit(spec, came);
      SignatureCheck.shape(spec, shape);
      memory.add(sink, shape);
      return;
    }
    int[] order = order(columns);
    Shape wanted = Shape.of(came.dimension(0), order.length);
    Shape shape = TableShapes.fit(spec, wanted);
    SignatureCheck.shape(spec, shape);
    Tensor given = sink.finish(came);
    memory.addRaw(spec.name(), spec.datatype(), shape, picked(given, columns.size(), order));
    sink.close();
  }

  private boolean isInOrder(Shape came, List<String> columns) {
    return trained.isEmpty() || columns == null || came.rank() != 2 || columns.equals(trained);
  }

  private int[] order(List<String> columns) throws InferenceException {
    List<String> missing =
        trained.stream().filter(name -> !columns.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw InferenceException.badInput("the model is missing the columns " + missing
          + "; its signature has " + trained + ", the request " + columns);
    }
    return trained.stream().mapToInt(columns::indexOf).toArray();
  }

  private static ByteBuffer picked(Tensor given, int width, int[] order) {
    ByteBuffer from = given.data();
    int rows = (int) given.shape().dimension(0);
    int[] starts = starts(given, rows * width);
    ByteBuffer to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      for (int column : order) {
        int cell = row * width + column;
        to.put(from.slice(starts[cell], starts[cell + 1] - starts[cell]));
      }
    }
    return to.flip();
  }

  /** Where each element begins, and after them where the last ends. */
  private static int[] starts(Tensor given, int count) {
    ByteBuffer data = given.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int[] starts = new int[count + 1];
    int at = data.position();
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      at += given.datatype() == DataType.BYTES
          ? Integer.BYTES + data.getInt(at)
          : given.datatype().elementSize();
    }
    starts[count] = at;
    return starts;
  }
}
