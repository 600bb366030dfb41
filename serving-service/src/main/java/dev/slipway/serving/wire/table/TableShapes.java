package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.InferenceException;
import java.util.Arrays;

/** A column of n values is [n]; the models of scikit-learn take it as [n, 1]. */
final class TableShapes {
  /** Columns of a table; more than data frames have, and few enough to hold their names. */
  private static final int MAX_COLUMNS = 65_536;

  private TableShapes() {}

  /** Fails when a table has more columns than are taken. */
  static void width(int columns) throws InferenceException {
    if (columns > MAX_COLUMNS) {
      throw InferenceException.badInput("the table has over " + MAX_COLUMNS + " columns");
    }
  }

  /** The shape among those that hold the same elements which the input takes; {@code came} itself when none does. */
  static Shape fit(TensorSpec spec, Shape came) {
    Shape wanted = spec.shape();
    if (wanted.accepts(came)) {
      return came;
    }
    long[] dimensions = came.toArray();
    int rank = dimensions.length;
    if (wanted.rank() == rank + 1) {
      long[] column = Arrays.copyOf(dimensions, rank + 1);
      column[rank] = 1;
      if (wanted.accepts(Shape.of(column))) {
        return Shape.of(column);
      }
    }
    if (wanted.rank() == rank - 1 && dimensions[rank - 1] == 1) {
      Shape flat = Shape.of(Arrays.copyOf(dimensions, rank - 1));
      if (wanted.accepts(flat)) {
        return flat;
      }
    }
    return rank == 1 && dimensions[0] == 0 ? noRows(wanted, came) : came;
  }

  /** As {@link #fit}; a row's flat list may also be all that the input has for it in several dimensions. */
  static Shape fitCells(TensorSpec spec, Shape came) {
    Shape fitted = fit(spec, came);
    long[] whole = spec.shape().toArray();
    if (spec.shape().accepts(fitted) || came.rank() != 2 || whole.length < 2) {
      return fitted;
    }
    whole[0] = 1;
    if (Shape.of(whole).elementCount().orElse(-1) != came.dimension(1)) {
      return fitted;
    }
    whole[0] = came.dimension(0);
    return spec.shape().accepts(Shape.of(whole)) ? Shape.of(whole) : fitted;
  }

  private static Shape noRows(Shape wanted, Shape came) {
    long[] empty = Arrays.stream(wanted.toArray()).map(d -> Math.max(d, 0)).toArray();
    if (empty.length == 0) {
      return came;
    }
    empty[0] = 0;
    return Shape.of(empty);
  }
}
