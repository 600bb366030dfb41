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
    return find(inputs, name);
  }

  public Optional<TensorSpec> output(String name) {
    return find(outputs, name);
  }

  /** A loop, not a stream: each tensor of each request is looked up. */
  private static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
    for (TensorSpec spec : specs) {
      if (spec.name().equals(name)) {
        return Optional.of(spec);
      }
    }
    return Optional.empty();
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
