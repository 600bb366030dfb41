package dev.slipway.serving.predict;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether tensors fit a signature, with the words for when they do not. In messages -1 is a dimension of any size. */
public final class SignatureCheck {
  private final ModelSignature signature;

  public SignatureCheck(ModelSignature signature) {
    this.signature = signature;
  }

  /** The input of that name. */
  public TensorSpec input(String name) throws InferenceException {
    Optional<TensorSpec> spec = signature.input(name);
    if (spec.isEmpty()) {
      throw InferenceException.misfit(
          "unknown input '" + Echo.of(name) + "'; the model takes " + describe(signature.inputs()));
    }
    return spec.get();
  }

  /** The datatype is the model's, or FP32 where it takes FP64: every float is a double. */
  public static void datatype(TensorSpec spec, DataType came) throws InferenceException {
    if (spec.datatype() != came && !isWidened(spec, came)) {
      throw InferenceException.misfit(
          "input '" + spec.name() + "': expected datatype " + spec.datatype() + ", got " + came);
    }
  }

  static boolean isWidened(TensorSpec spec, DataType came) {
    return spec.datatype() == DataType.FP64 && came == DataType.FP32;
  }

  public static void shape(TensorSpec spec, Shape came) throws InferenceException {
    if (!spec.shape().accepts(came)) {
      throw InferenceException.misfit(
          "input '" + spec.name() + "': expected shape " + spec.shape() + ", got " + came);
    }
  }

  /** Every tensor fits an input, none stands twice, none that is needed is missing. */
  public void inputs(List<Tensor> tensors) throws InferenceException {
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      TensorSpec spec = input(tensor.name());
      datatype(spec, tensor.datatype());
      shape(spec, tensor.shape());
      for (int j = 0; j < i; j++) {
        if (tensors.get(j).name().equals(tensor.name())) {
          throw InferenceException.misfit("input '" + tensor.name() + "' is given twice");
        }
      }
    }
    if (tensors.size() < signature.inputs().size()) {
      missing(tensors);
    }
  }

  private void missing(List<Tensor> tensors) throws InferenceException {
    List<TensorSpec> missing = signature.inputs().stream()
        .filter(spec -> !spec.optional())
        .filter(spec -> tensors.stream().noneMatch(t -> t.name().equals(spec.name())))
        .toList();
    if (!missing.isEmpty()) {
      throw InferenceException.misfit("missing input " + describe(missing));
    }
  }

  /** Every output asked for is one that the model gives. */
  public void outputs(Collection<String> names) throws InferenceException {
    for (String name : names) {
      output(name);
    }
  }

  /** The output asked for is one that the model gives. */
  public void output(String name) throws InferenceException {
    if (signature.output(name).isEmpty()) {
      throw InferenceException.badInput("unknown output '" + Echo.of(name) + "'; the model gives "
          + describe(signature.outputs()));
    }
  }

  /** {@code 'X' (FP32 [-1, 4])}, and so on; {@code nothing} for none. */
  public static String describe(List<TensorSpec> specs) {
    if (specs.isEmpty()) {
      return "nothing";
    }
    return specs.stream()
        .map(spec -> "'" + spec.name() + "' (" + spec.datatype() + " " + spec.shape() + ")")
        .collect(Collectors.joining(", "));
  }
}
