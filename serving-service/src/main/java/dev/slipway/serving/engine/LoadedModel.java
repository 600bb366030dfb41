package dev.slipway.serving.engine;

import dev.slipway.common.tensor.ModelSignature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model in memory. Calls of {@link #predict} may overlap. {@link #close} is called once, after the last predict returned;
 * the fleet's reference count sees to that.
 */
public interface LoadedModel extends AutoCloseable {

  /** What it takes and gives; outputs that are not tensors (ZipMap) appear as the plain tensors that they are made into. */
  ModelSignature signature();

  /**
   * The columns of the data frame that it was logged with: those of its one matrix, in its order, or one for each input. Empty
   * when nobody said.
   */
  default List<FrameColumn> columns() {
    return List.of();
  }

  /**
   * The inputs that it was logged with as an example, where they fit it; empty when there are none, or they were too large to be
   * kept after the warm-up.
   */
  default Optional<List<Tensor>> example() {
    return Optional.empty();
  }

  /** The parameters that its MLflow signature names. No engine takes one: they are checked, and that is all. */
  default List<ModelParam> params() {
    return List.of();
  }

  /** What its MLflow signature has for inputs. */
  default SignatureKind signatureKind() {
    return SignatureKind.NONE;
  }

  /** For protocols that answer as its framework does. */
  default AnswerForm answerForm() {
    return AnswerForm.NAMED;
  }

  /** Which outputs are the scores of classes; each has its labels among the outputs. */
  default List<ClassScores> classScores() {
    return List.of();
  }

  /** Facts for the reviewer: opset, producer, domain, custom metadata. */
  Map<String, Object> metadata();

  /**
   * Runs the model.
   *
   * @param inputs validated against the signature
   * @param outputs names wanted; empty for all
   * @param control deadline and cancellation
   * @return tensors in the signature's order, in buffers, direct or on the heap, that stay valid until {@link Outputs#close}
   * @throws PredictException when the runtime refuses the input or fails
   */
  Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException;

  @Override
  void close();

  /** The answer of one run; closing it gives native memory back. */
  interface Outputs extends AutoCloseable {
    List<Tensor> tensors();

    @Override
    void close();
  }
}
