package dev.slipway.common.report;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the values of one output are distributed: counts in buckets that are the same everywhere, so that it merges by adding. A
 * bucket is a float's sign, exponent and first two bits of mantissa; buckets are numbered in the order of their values, and whole
 * numbers up to 8 have one each.
 */
public final class OutputSketch {
  public static final int BUCKETS = 1 << 11;

  private static final int MANTISSA_BITS_DROPPED = 21;
  private static final int MIDDLE = BUCKETS / 2;

  private final Map<Integer, Long> counts;

  private OutputSketch(Map<Integer, Long> counts) {
    this.counts = new TreeMap<>(counts);
  }

  public static OutputSketch empty() {
    return new OutputSketch(Map.of());
  }

  /** @throws IllegalArgumentException when a bucket is none or a count is negative */
  @JsonCreator
  public static OutputSketch of(Map<Integer, Long> counts) {
    counts.forEach((bucket, count) -> {
      if (bucket < 0 || bucket >= BUCKETS || count < 0) {
        throw new IllegalArgumentException(
            "an output sketch has buckets 0 to " + (BUCKETS - 1) + " with counts from 0");
      }
    });
    return new OutputSketch(counts);
  }

  /** The bucket of a value; NaN goes to the outermost. */
  public static int bucketOf(float value) {
    int bits = Float.floatToIntBits(value == 0 ? 0 : value);
    int magnitude = (bits & 0x7FFF_FFFF) >>> MANTISSA_BITS_DROPPED;
    return bits < 0 ? MIDDLE - 1 - magnitude : MIDDLE + magnitude;
  }

  public OutputSketch plus(OutputSketch other) {
    var sum = new TreeMap<>(counts);
    other.counts.forEach((bucket, count) -> sum.merge(bucket, count, Long::sum));
    return new OutputSketch(sum);
  }

  /** What came since {@code earlier}; no bucket goes below none. */
  public OutputSketch minus(OutputSketch earlier) {
    var rest = new TreeMap<Integer, Long>();
    counts.forEach((bucket, count) -> {
      long left = count - earlier.counts.getOrDefault(bucket, 0L);
      if (left > 0) {
        rest.put(bucket, left);
      }
    });
    return new OutputSketch(rest);
  }

  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The largest difference between the two cumulative distributions (Kolmogorov-Smirnov): 0 for equal ones, 1 where nothing
   * overlaps; NaN when either is empty.
   */
  public double distance(OutputSketch other) {
    double mine = count();
    double theirs = other.count();
    if (mine == 0 || theirs == 0) {
      return Double.NaN;
    }
    SortedSet<Integer> buckets = new TreeSet<>(counts.keySet());
    buckets.addAll(other.counts.keySet());
    double largest = 0;
    double below = 0;
    double belowThere = 0;
    for (int bucket : buckets) {
      below += counts.getOrDefault(bucket, 0L);
      belowThere += other.counts.getOrDefault(bucket, 0L);
      largest = Math.max(largest, Math.abs(below / mine - belowThere / theirs));
    }
    return largest;
  }

  /** Counts by bucket, without the empty ones. */
  @JsonValue
  public Map<Integer, Long> counts() {
    return counts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutputSketch sketch && counts.equals(sketch.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return "OutputSketch" + counts;
  }
}
