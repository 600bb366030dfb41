package dev.slipway.serving.engine.booster;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.nio.ByteBuffer;

/**
 * One output of a booster, made of each row's scores.
 *
 * @param columns values of a row
 */
record BoosterOutput(TensorSpec spec, int columns, Values values) {

  /** Appends a row's values. */
  @FunctionalInterface
  interface Values {
    void append(double[] scores, ByteBuffer answer);
  }

  /**
   * The scores themselves: "probabilities" for a row of class probabilities, else "prediction".
   *
   * @param type what the framework computes in: FP32 or FP64
   */
  static BoosterOutput scores(DataType type, int outputs, boolean byClass) {
    Values values = type == DataType.FP32
        ? (scores, answer) -> {
          for (double score : scores) {
            answer.putFloat((float) score);
          }
        }
        : (scores, answer) -> {
          for (double score : scores) {
            answer.putDouble(score);
          }
        };
    Shape shape = !byClass && outputs == 1 ? Shape.of(-1) : Shape.of(-1, outputs);
    return new BoosterOutput(
        new TensorSpec(byClass ? "probabilities" : "prediction", type, shape), outputs, values);
  }

  /** What {@code XGBClassifier.predict} makes of the scores (its sklearn.py), datatypes included. */
  static BoosterOutput label(XgboostForest forest, int classes) {
    int outputs = forest.outputs();
    if (outputs > 1 && classes > 2) {
      return label(
          DataType.INT64, 1, (scores, answer) -> answer.putLong(XgboostObjective.best(scores)));
    }
    if (outputs > 1) {
      return label(DataType.FP64, outputs, (scores, answer) -> {
        for (double score : scores) {
          answer.putDouble(score > 0.5 ? 1 : 0);
        }
      });
    }
    return forest.objective().givesBestClass()
        ? label(DataType.INT32, 1, (scores, answer) -> answer.putInt((int) scores[0]))
        : label(DataType.INT64, 1, (scores, answer) -> answer.putLong(scores[0] > 0.5 ? 1 : 0));
  }

  private static BoosterOutput label(DataType type, int columns, Values values) {
    Shape shape = columns == 1 ? Shape.of(-1) : Shape.of(-1, columns);
    return new BoosterOutput(new TensorSpec("label", type, shape), columns, values);
  }

  Shape shape(long rows) {
    return spec.shape().rank() == 1 ? Shape.of(rows) : Shape.of(rows, columns);
  }

  long bytes(long rows) {
    return rows * columns * spec.datatype().elementSize();
  }
}
