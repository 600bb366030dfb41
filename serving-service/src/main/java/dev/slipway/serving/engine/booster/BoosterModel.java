package dev.slipway.serving.engine.booster;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A forest as a model: one input {@code input} of [N, features], one output. FP32 and FP64 rows are both taken, whichever the
 * signature names; XGBoost rounds FP64 to its FP32, as the framework does.
 */
final class BoosterModel implements LoadedModel {
  private static final String INPUT = "input";
  private static final int ROWS_BETWEEN_CLOCK_READS = 256;

  private final Forest forest;
  private final ModelSignature signature;
  private final TensorSpec output;
  private final Map<String, Object> metadata;

  /**
   * @param type what the framework computes in: FP32 or FP64
   * @param outputName "probabilities" for a row of class probabilities, else "prediction"
   * @param vector whether the output is [N] and not [N, outputs]
   */
  BoosterModel(
      Forest forest,
      DataType type,
      String outputName,
      boolean vector,
      Map<String, Object> metadata) {
    this.forest = forest;
    this.output =
        new TensorSpec(outputName, type, vector ? Shape.of(-1) : Shape.of(-1, forest.outputs()));
    this.signature = new ModelSignature(
        List.of(new TensorSpec(INPUT, type, Shape.of(-1, forest.features()))), List.of(output));
    this.metadata = Map.copyOf(metadata);
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public boolean answersUnnamed() {
    return true;
  }

  @Override
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    Tensor input = requireRows(inputs);
    if (!outputs.isEmpty() && !outputs.contains(output.name())) {
      return new Answer(List.of(), null);
    }
    long rows = input.shape().dimension(0);
    long bytes = rows * forest.outputs() * output.datatype().elementSize();
    if (bytes > Integer.MAX_VALUE) {
      throw new PredictException(Kind.BAD_INPUT, rows + " rows are too many for one request");
    }
    TensorBuffer memory = TensorBuffer.allocate((int) bytes);
    try {
      score(input, (int) rows, memory.data(), control);
    } catch (PredictException | RuntimeException e) {
      memory.close();
      throw e;
    }
    Shape shape = output.shape().rank() == 1 ? Shape.of(rows) : Shape.of(rows, forest.outputs());
    return new Answer(
        List.of(new Tensor(output.name(), output.datatype(), shape, memory.data())), memory);
  }

  private Tensor requireRows(List<Tensor> inputs) throws PredictException {
    if (inputs.size() != 1 || !inputs.getFirst().name().equals(INPUT)) {
      throw new PredictException(Kind.BAD_INPUT, "the model takes one input, '" + INPUT + "'");
    }
    Tensor input = inputs.getFirst();
    if (input.datatype() != DataType.FP32 && input.datatype() != DataType.FP64) {
      throw new PredictException(
          Kind.BAD_INPUT, "'" + INPUT + "' is " + output.datatype() + ", not " + input.datatype());
    }
    Shape expected = Shape.of(-1, forest.features());
    if (!expected.accepts(input.shape())) {
      throw new PredictException(
          Kind.BAD_INPUT, "'" + INPUT + "' has shape " + expected + ", not " + input.shape());
    }
    return input;
  }

  private void score(Tensor input, int rows, ByteBuffer answer, RunControl control)
      throws PredictException {
    ByteBuffer data = input.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    double[] row = new double[forest.features()];
    double[] scores = new double[forest.outputs()];
    int written = 0;
    for (int i = 0; i < rows; i++) {
      if (i % ROWS_BETWEEN_CLOCK_READS == 0) {
        control.requireTime();
      }
      for (int column = 0; column < row.length; column++) {
        row[column] = value(input.datatype(), data, i, column);
      }
      forest.score(row, scores);
      for (double score : scores) {
        if (output.datatype() == DataType.FP32) {
          answer.putFloat(written, (float) score);
        } else {
          answer.putDouble(written, score);
        }
        written += output.datatype().elementSize();
      }
    }
  }

  private double value(DataType type, ByteBuffer data, int row, int column)
      throws PredictException {
    double given = type == DataType.FP32 ? data.getFloat() : data.getDouble();
    double value = output.datatype() == DataType.FP32 ? (float) given : given;
    if (Double.isInfinite(value) && !forest.takesInfinity()) {
      throw new PredictException(
          Kind.BAD_INPUT,
          "row " + row + ", column " + column
              + " is infinite in FP32; only finite values and NaN (missing) are taken");
    }
    return value;
  }

  /** Java's memory goes with the last reference. */
  @Override
  public void close() {}

  private record Answer(List<Tensor> tensors, TensorBuffer memory) implements Outputs {
    @Override
    public void close() {
      if (memory != null) {
        memory.close();
      }
    }
  }
}
