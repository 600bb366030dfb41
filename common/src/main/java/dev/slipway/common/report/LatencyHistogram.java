package dev.slipway.common.report;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/**
 * Latencies in buckets that double, four to a doubling: bucket {@code i} holds times up to {@code 2^(i/4)} microseconds. It
 * merges by adding, and its quantiles are right to within 19 %.
 */
public final class LatencyHistogram {
  public static final int BUCKETS = 128;

  private final long[] counts;

  private LatencyHistogram(long[] counts) {
    this.counts = counts;
  }

  public static LatencyHistogram empty() {
    return new LatencyHistogram(new long[BUCKETS]);
  }

  /** @throws IllegalArgumentException when there are more than {@link #BUCKETS} counts or one is negative */
  @JsonCreator
  public static LatencyHistogram of(long[] counts) {
    if (counts.length > BUCKETS || Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "a latency histogram has at most " + BUCKETS + " counts, none negative");
    }
    return new LatencyHistogram(Arrays.copyOf(counts, BUCKETS));
  }

  /** The bucket of a time in nanoseconds. */
  public static int bucketOf(long nanos) {
    if (nanos <= 1_000) {
      return 0;
    }
    double exact = 4 * Math.log(nanos / 1_000.0) / Math.log(2);
    return Math.min(BUCKETS - 1, (int) Math.ceil(exact - 1e-9));
  }

  /** The upper bound of a bucket, in microseconds. */
  public static double upperMicros(int bucket) {
    return Math.pow(2, bucket / 4.0);
  }

  public LatencyHistogram plus(LatencyHistogram other) {
    long[] sum = counts.clone();
    for (int i = 0; i < BUCKETS; i++) {
      sum[i] += other.counts[i];
    }
    return new LatencyHistogram(sum);
  }

  /** What came since {@code earlier}; no bucket goes below none. */
  public LatencyHistogram minus(LatencyHistogram earlier) {
    long[] rest = counts.clone();
    for (int i = 0; i < BUCKETS; i++) {
      rest[i] = Math.max(0, rest[i] - earlier.counts[i]);
    }
    return new LatencyHistogram(rest);
  }

  public long count() {
    return Arrays.stream(counts).sum();
  }

  /** The upper bound, in microseconds, of the bucket where the {@code quantile} (0 to 1) falls; NaN when empty. */
  public double quantileMicros(double quantile) {
    long total = count();
    if (total == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(quantile * total));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return upperMicros(i);
      }
    }
    return upperMicros(BUCKETS - 1);
  }

  /** Counts by bucket, trailing zeros cut off. */
  @JsonValue
  public long[] counts() {
    int end = BUCKETS;
    while (end > 0 && counts[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(counts, end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyHistogram histogram && Arrays.equals(counts, histogram.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "LatencyHistogram[count=" + count() + ", p50=" + quantileMicros(0.5) + " us, p99="
        + quantileMicros(0.99) + " us]";
  }
}
