package dev.slipway.serving.wire.table;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.ClassScores;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.wire.http.HttpRequest;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a request, and which outputs have a value for each.
 *
 * @param count the first dimension of the request's tensors; 1 when they are scalars
 * @param free whether the signature leaves the number of rows open, of what comes and of what is answered
 * @param classScores the model's ({@link LoadedModel#classScores})
 */
public record Rows(
    long count, boolean free, ModelSignature signature, List<ClassScores> classScores) {

  /** Those of a request of which these are the tensors. */
  public static Rows of(HttpRequest request, List<Tensor> inputs) {
    return of(request.signature(), request.classScores(), inputs);
  }

  static Rows of(ModelSignature signature, List<ClassScores> classScores, List<Tensor> inputs) {
    Optional<Tensor> first =
        inputs.stream().filter(tensor -> tensor.shape().rank() > 0).findFirst();
    boolean free = first
            .flatMap(tensor -> signature.input(tensor.name()))
            .filter(Rows::isFree)
            .isPresent()
        && signature.outputs().stream().anyMatch(Rows::isFree);
    long count = first.map(tensor -> tensor.shape().dimension(0)).orElse(1L);
    return new Rows(count, free, signature, classScores);
  }

  private static boolean isFree(TensorSpec spec) {
    return spec.shape().rank() > 0 && spec.shape().dimension(0) < 0;
  }

  /**
   * Whether an output has a value for each row. As many as there are rows does not make it so: two class labels stand beside the
   * scores of any number of rows, and the signature gives them a first dimension of 2. A declared 1 is not believed, for exporters
   * leave it behind where they ran one row.
   */
  boolean isIn(Tensor output) {
    if (output.shape().rank() == 0 || output.shape().dimension(0) != count || isLabels(output)) {
      return false;
    }
    return !free
        || signature
            .output(output.name())
            .map(TensorSpec::shape)
            .filter(Rows::isApart)
            .isEmpty();
  }

  /** An .ort file does not say how many classes it has, and so the signature does not either. */
  private boolean isLabels(Tensor output) {
    for (ClassScores one : classScores) {
      if (one.labels().equals(output.name())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isApart(Shape declared) {
    return declared.rank() > 0 && declared.dimension(0) > 1;
  }
}
