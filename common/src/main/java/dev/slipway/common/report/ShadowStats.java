package dev.slipway.common.report;

/**
 * What came of requests that were mirrored to a version: counts that only grow, and merge by adding.
 *
 * @param compared answered, and compared with the live version's answer
 * @param disagreed of these, answered differently beyond rounding
 * @param failed the live version answered, this one did not
 * @param dropped not mirrored because the mirror was busy, or the request too large
 * @param distance sum over the compared of the mean absolute difference of the values (for other than numbers: the share that
 *     differs)
 */
public record ShadowStats(
    long compared, long disagreed, long failed, long dropped, double distance) {

  public static ShadowStats none() {
    return new ShadowStats(0, 0, 0, 0, 0);
  }

  public ShadowStats plus(ShadowStats other) {
    return new ShadowStats(
        compared + other.compared,
        disagreed + other.disagreed,
        failed + other.failed,
        dropped + other.dropped,
        distance + other.distance);
  }

  public ShadowStats minus(ShadowStats earlier) {
    return new ShadowStats(
        compared - earlier.compared,
        disagreed - earlier.disagreed,
        failed - earlier.failed,
        dropped - earlier.dropped,
        distance - earlier.distance);
  }
}
