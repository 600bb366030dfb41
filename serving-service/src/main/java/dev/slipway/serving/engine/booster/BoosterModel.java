package dev.slipway.serving.engine.booster;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.AnswerForm;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.OwnedOutputs;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A forest as a model: one input {@code input} of [N, features]. FP32 and FP64 rows are both taken, whichever the signature names; XGBoost
 * rounds FP64 to its FP32, as the framework does.
 */
final class BoosterModel implements LoadedModel {
  private static final String INPUT = "input";
  private static final int ROWS_BETWEEN_CLOCK_READS = 256;

  private final Forest forest;
  private final DataType type;
  private final List<BoosterOutput> outputs;
  private final ModelSignature signature;
  private final Map<String, Object> metadata;

  /**
   * @param type what the framework computes in: FP32 or FP64
   * @param outputs the one that the framework's {@code predict} answers first
   */
  BoosterModel(
      Forest forest, DataType type, List<BoosterOutput> outputs, Map<String, Object> metadata) {
    this.forest = forest;
    this.type = type;
    this.outputs = outputs;
    this.signature = new ModelSignature(
        List.of(new TensorSpec(INPUT, type, Shape.of(-1, forest.features()))),
        outputs.stream().map(BoosterOutput::spec).toList());
    this.metadata = Map.copyOf(metadata);
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public AnswerForm answerForm() {
    return AnswerForm.ARRAY;
  }

  @Override
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> wanted, RunControl control)
      throws PredictException {
    Tensor input = requireRows(inputs);
    long rows = input.shape().dimension(0);
    var answer = new OwnedOutputs();
    try {
      List<Filling> fillings = new ArrayList<>(outputs.size());
      for (BoosterOutput output : outputs) {
        if (wanted.isEmpty() || wanted.contains(output.spec().name())) {
          fillings.add(new Filling(output, answer.allocate(bytes(output, rows))));
        }
      }
      score(input, (int) rows, fillings, control);
      fillings.forEach(one -> answer.add(one.output().spec(), one.output().shape(rows), one.to()));
      return answer;
    } catch (PredictException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  /** An output and the memory that it is appended to, row by row. */
  private record Filling(BoosterOutput output, TensorBuffer to) {
    void append(double[] scores) {
      output.values().append(scores, to.data());
    }
  }

  private static int bytes(BoosterOutput output, long rows) throws PredictException {
    long bytes = output.bytes(rows);
    if (bytes > Integer.MAX_VALUE) {
      throw new PredictException(Kind.BAD_INPUT, rows + " rows are too many for one request");
    }
    return (int) bytes;
  }

  private Tensor requireRows(List<Tensor> inputs) throws PredictException {
    if (inputs.size() != 1 || !inputs.getFirst().name().equals(INPUT)) {
      throw new PredictException(Kind.BAD_INPUT, "the model takes one input, '" + INPUT + "'");
    }
    Tensor input = inputs.getFirst();
    if (input.datatype() != DataType.FP32 && input.datatype() != DataType.FP64) {
      throw new PredictException(
          Kind.BAD_INPUT, "'" + INPUT + "' is " + type + ", not " + input.datatype());
    }
    Shape expected = Shape.of(-1, forest.features());
    if (!expected.accepts(input.shape())) {
      throw new PredictException(
          Kind.BAD_INPUT, "'" + INPUT + "' has shape " + expected + ", not " + input.shape());
    }
    return input;
  }

  private void score(Tensor input, int rows, List<Filling> fillings, RunControl control)
      throws PredictException {
    ByteBuffer data = input.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    double[] row = new double[forest.features()];
    double[] scores = new double[forest.outputs()];
    for (int i = 0; i < rows; i++) {
      if (i % ROWS_BETWEEN_CLOCK_READS == 0) {
        control.requireTime();
      }
      for (int column = 0; column < row.length; column++) {
        row[column] = value(input.datatype(), data, i, column);
      }
      forest.score(row, scores);
      for (Filling filling : fillings) {
        filling.append(scores);
      }
    }
  }

  private double value(DataType given, ByteBuffer data, int row, int column)
      throws PredictException {
    double read = given == DataType.FP32 ? data.getFloat() : data.getDouble();
    double value = type == DataType.FP32 ? (float) read : read;
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
}
