package dev.slipway.serving.predict;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import java.util.List;

/** Which requests may run together. */
final class Companions {
  private Companions() {}

  /** The first dimension that all inputs share; 0 when they do not. */
  static long rows(InferenceRequest request) {
    List<Tensor> inputs = request.inputs();
    if (inputs.isEmpty() || inputs.getFirst().shape().rank() == 0) {
      return 0;
    }
    long rows = inputs.getFirst().shape().dimension(0);
    for (int i = 1; i < inputs.size(); i++) {
      Shape shape = inputs.get(i).shape();
      if (shape.rank() == 0 || shape.dimension(0) != rows) {
        return 0;
      }
    }
    return rows;
  }

  /**
   * Whether both, of which each has rows, may run together: the same tensors in the same order, the same shapes but for the rows,
   * the same outputs.
   */
  static boolean fit(InferenceRequest one, InferenceRequest two) {
    List<Tensor> mine = one.inputs();
    List<Tensor> theirs = two.inputs();
    if (mine.size() != theirs.size() || !one.outputs().equals(two.outputs())) {
      return false;
    }
    for (int i = 0; i < mine.size(); i++) {
      Tensor first = mine.get(i);
      Tensor second = theirs.get(i);
      if (!first.name().equals(second.name())
          || first.datatype() != second.datatype()
          || !sameRows(first.shape(), second.shape())) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameRows(Shape one, Shape two) {
    if (one.rank() != two.rank()) {
      return false;
    }
    for (int d = 1; d < one.rank(); d++) {
      if (one.dimension(d) != two.dimension(d)) {
        return false;
      }
    }
    return true;
  }
}
