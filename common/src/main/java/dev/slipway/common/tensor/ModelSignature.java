package dev.slipway.common.tensor;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a model takes and gives, in the model's own order.
 *
 * @throws IllegalArgumentException when a name stands twice among the inputs or among the outputs
 */
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
  public ModelSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    requireDistinct(inputs, "input");
    requireDistinct(outputs, "output");
  }

  public Optional<TensorSpec> input(String name) {
    return inputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  public Optional<TensorSpec> output(String name) {
    return outputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  private static void requireDistinct(List<TensorSpec> specs, String kind) {
    var names = new HashSet<String>();
    for (TensorSpec spec : specs) {
      if (!names.add(spec.name())) {
        throw new IllegalArgumentException(
            "the " + kind + " '" + spec.name() + "' stands twice in the signature");
      }
    }
  }
}
