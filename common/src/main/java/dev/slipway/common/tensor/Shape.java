package dev.slipway.common.tensor;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The dimensions of a tensor, outermost first. In a signature -1 is a dimension known only at run time; a tensor's own shape
 * has none. The empty shape is a scalar.
 *
 * @throws IllegalArgumentException when a dimension is below -1
 */
public final class Shape {
  private final long[] dimensions;

  private Shape(long[] dimensions) {
    for (long dimension : dimensions) {
      if (dimension < -1) {
        throw new IllegalArgumentException("a dimension cannot be " + dimension);
      }
    }
    this.dimensions = dimensions;
  }

  @JsonCreator
  public static Shape of(long... dimensions) {
    return new Shape(dimensions.clone());
  }

  @JsonValue
  public long[] toArray() {
    return dimensions.clone();
  }

  public int rank() {
    return dimensions.length;
  }

  public long dimension(int index) {
    return dimensions[index];
  }

  public boolean isFixed() {
    return Arrays.stream(dimensions).noneMatch(dimension -> dimension < 0);
  }

  /** The number of elements; empty when a dimension is free or the product does not fit a long. */
  public OptionalLong elementCount() {
    long product = 1;
    boolean overflow = false;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        return OptionalLong.empty();
      }
      if (dimension == 0) {
        return isFixed() ? OptionalLong.of(0) : OptionalLong.empty();
      }
      long high = Math.multiplyHigh(product, dimension);
      product *= dimension;
      overflow |= high != 0 || product < 0;
    }
    return overflow ? OptionalLong.empty() : OptionalLong.of(product);
  }

  /** Whether a tensor of shape {@code actual} fits this signature shape: same rank, equal where this one is fixed. */
  public boolean accepts(Shape actual) {
    if (actual.dimensions.length != dimensions.length) {
      return false;
    }
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] >= 0 && dimensions[i] != actual.dimensions[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  @Override
  public String toString() {
    return Arrays.toString(dimensions);
  }
}
