package dev.slipway.common.feed;

/**
 * What ends a step of a release badly, the new version compared with the live one in the same window. A null component means the
 * default.
 *
 * @param minRequests answers by the new version before a step may end well, and before latency and distribution are compared: 50
 * @param maxErrorIncrease how much larger its share of failed requests may be: 0.02
 * @param maxNonFiniteIncrease how much larger its share of answers with a NaN or an infinity may be: 0.01
 * @param maxLatencyRatio of the 95th percentiles: 2.0
 * @param minLatencyDeltaMs a difference of the 95th percentiles below this is nothing: 5 ms
 * @param maxDistance between the distributions of the outputs (Kolmogorov-Smirnov, 0 to 1), beyond what chance explains: 0.35
 * @param maxDisagreement share of mirrored requests answered differently; null: not judged, only shown
 */
public record StepLimits(
    Integer minRequests,
    Double maxErrorIncrease,
    Double maxNonFiniteIncrease,
    Double maxLatencyRatio,
    Double minLatencyDeltaMs,
    Double maxDistance,
    Double maxDisagreement) {

  public static StepLimits defaults() {
    return new StepLimits(null, null, null, null, null, null, null);
  }

  public int requests() {
    return minRequests == null ? 50 : minRequests;
  }

  public double errorIncrease() {
    return or(maxErrorIncrease, 0.02);
  }

  public double nonFiniteIncrease() {
    return or(maxNonFiniteIncrease, 0.01);
  }

  public double latencyRatio() {
    return or(maxLatencyRatio, 2.0);
  }

  public double latencyDeltaMs() {
    return or(minLatencyDeltaMs, 5.0);
  }

  public double distance() {
    return or(maxDistance, 0.35);
  }

  private static double or(Double value, double otherwise) {
    return value == null ? otherwise : value;
  }
}
