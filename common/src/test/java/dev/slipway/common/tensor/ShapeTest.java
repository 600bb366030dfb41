package dev.slipway.common.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ShapeTest {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  @Provide
  Arbitrary<long[]> dimensions() {
    var one = Arbitraries.oneOf(
        Arbitraries.longs().between(0, 10),
        Arbitraries.longs().between(1, Long.MAX_VALUE),
        Arbitraries.of(1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, 3037000500L, 0L, 1L));
    return one.array(long[].class).ofMinSize(0).ofMaxSize(6);
  }

  @Property
  void elementCountIsTheExactProductOrNone(@ForAll("dimensions") long[] dimensions) {
    BigInteger product = Arrays.stream(dimensions)
        .mapToObj(BigInteger::valueOf)
        .reduce(BigInteger.ONE, BigInteger::multiply);

    OptionalLong count = Shape.of(dimensions).elementCount();

    assertThat(count)
        .isEqualTo(
            product.compareTo(MAX) > 0
                ? OptionalLong.empty()
                : OptionalLong.of(product.longValue()));
  }

  @Example
  void countOfAFreeDimensionIsUnknownEvenBesideZero() {
    assertThat(Shape.of(-1, 4).elementCount()).isEmpty();
    assertThat(Shape.of(0, -1).elementCount()).isEmpty();
    assertThat(Shape.of(-1, 0).elementCount()).isEmpty();
  }

  @Example
  void scalarHasOneElementAndZeroWinsOverOverflow() {
    assertThat(Shape.of().elementCount()).hasValue(1);
    assertThat(Shape.of(Long.MAX_VALUE, Long.MAX_VALUE, 0).elementCount()).hasValue(0);
  }

  @Property
  void shapeAcceptsItselfWithAnyDimensionFreed(
      @ForAll("dimensions") long[] dimensions, @ForAll int which) {
    long[] freed = dimensions.clone();
    if (freed.length > 0) {
      freed[Math.floorMod(which, freed.length)] = -1;
    }

    assertThat(Shape.of(dimensions).accepts(Shape.of(dimensions))).isTrue();
    assertThat(Shape.of(freed).accepts(Shape.of(dimensions))).isTrue();
  }

  @Example
  void shapeRefusesAnotherRankOrAnotherFixedDimension() {
    Shape signature = Shape.of(-1, 4);

    assertThat(signature.accepts(Shape.of(1, 5))).isFalse();
    assertThat(signature.accepts(Shape.of(4))).isFalse();
    assertThat(signature.accepts(Shape.of(1, 4, 1))).isFalse();
    assertThat(signature.accepts(Shape.of(0, 4))).isTrue();
  }

  @Example
  void dimensionBelowMinusOneIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(3, -2));
  }

  @Example
  void shapeDoesNotShareItsArray() {
    long[] dimensions = {2, 3};
    Shape shape = Shape.of(dimensions);
    dimensions[0] = 9;
    shape.toArray()[1] = 9;

    assertThat(shape)
        .isEqualTo(Shape.of(2, 3))
        .hasToString("[2, 3]")
        .hasSameHashCodeAs(Shape.of(2, 3));
  }
}
