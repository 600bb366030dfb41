package dev.slipway.common.tensor;

import java.util.Objects;

/** One named input or output of a model. {@code optional} inputs may be left out of a request. */
public record TensorSpec(String name, DataType datatype, Shape shape, boolean optional) {
  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(datatype, "datatype");
    Objects.requireNonNull(shape, "shape");
  }

  public TensorSpec(String name, DataType datatype, Shape shape) {
    this(name, datatype, shape, false);
  }
}
