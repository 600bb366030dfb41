package dev.slipway.common.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class LatencyHistogramTest {

  /** A microsecond to an hour, evenly by magnitude. */
  @Provide
  Arbitrary<List<Long>> latencies() {
    return Arbitraries.doubles()
        .between(3, 12.5)
        .map(magnitude -> (long) Math.pow(10, magnitude))
        .list()
        .ofMinSize(1)
        .ofMaxSize(50);
  }

  @Property
  void bucketHoldsItsTimeWithinItsBounds(@ForAll("latencies") List<Long> nanos) {
    for (long time : nanos) {
      int bucket = LatencyHistogram.bucketOf(time);

      assertThat(time / 1e3).isLessThanOrEqualTo(LatencyHistogram.upperMicros(bucket) * (1 + 1e-9));
      if (bucket > 0) {
        assertThat(time / 1e3).isGreaterThan(LatencyHistogram.upperMicros(bucket - 1) * (1 - 1e-9));
      }
    }
  }

  @Property
  void quantileIsTheTrueOneToWithin19Percent(
      @ForAll("latencies") List<Long> nanos,
      @ForAll @DoubleRange(min = 0.01, max = 1) double quantile) {
    List<Long> sorted = nanos.stream().sorted().toList();
    double exact = sorted.get((int) Math.ceil(quantile * sorted.size()) - 1) / 1e3;

    double answered = histogram(nanos).quantileMicros(quantile);

    assertThat(answered / exact).isBetween(1 - 1e-9, 1.19);
  }

  @Property
  void mergingIsLikeHavingCountedTogether(
      @ForAll("latencies") List<Long> left, @ForAll("latencies") List<Long> right) {
    long[] together = new long[LatencyHistogram.BUCKETS];
    left.forEach(time -> together[LatencyHistogram.bucketOf(time)]++);
    right.forEach(time -> together[LatencyHistogram.bucketOf(time)]++);

    var merged = histogram(left).plus(histogram(right));

    assertThat(merged)
        .isEqualTo(LatencyHistogram.of(together))
        .isEqualTo(histogram(right).plus(histogram(left)));
    assertThat(merged.count()).isEqualTo(left.size() + right.size());
  }

  @Example
  void emptyHistogramHasNoQuantile() {
    assertThat(LatencyHistogram.empty().quantileMicros(0.5)).isNaN();
    assertThat(LatencyHistogram.empty().counts()).isEmpty();
  }

  @Example
  void timesBeyondEitherEndFallIntoTheLastBuckets() {
    assertThat(LatencyHistogram.bucketOf(0)).isZero();
    assertThat(LatencyHistogram.bucketOf(1_000)).isZero();
    assertThat(LatencyHistogram.bucketOf(2_000)).isEqualTo(4);
    assertThat(LatencyHistogram.upperMicros(4)).isCloseTo(2, within(1e-12));
    assertThat(LatencyHistogram.bucketOf(Long.MAX_VALUE)).isEqualTo(LatencyHistogram.BUCKETS - 1);
  }

  @Example
  void countsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> LatencyHistogram.of(new long[129]));
    assertThatIllegalArgumentException().isThrownBy(() -> LatencyHistogram.of(new long[] {1, -1}));
  }

  @Example
  void trailingZerosAreCutOff() {
    assertThat(LatencyHistogram.of(new long[] {0, 2, 0, 0}).counts()).containsExactly(0, 2);
  }

  private static LatencyHistogram histogram(List<Long> nanos) {
    long[] counts = new long[LatencyHistogram.BUCKETS];
    nanos.forEach(time -> counts[LatencyHistogram.bucketOf(time)]++);
    return LatencyHistogram.of(Arrays.copyOf(counts, counts.length));
  }
}
