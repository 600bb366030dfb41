package dev.slipway.registry.tracking;

/**
 * One measured point. The optional parts tie it to a logged model and a dataset.
 *
 * @param value may be NaN; infinities are kept as the largest finite doubles, as MLflow does
 * @param timestamp milliseconds since the epoch, not negative
 */
public record Metric(
    String key,
    double value,
    long timestamp,
    long step,
    String modelId,
    String datasetName,
    String datasetDigest,
    String runId) {

  public Metric(String key, double value, long timestamp, long step) {
    this(key, value, timestamp, step, null, null, null, null);
  }

  /** The value as it is stored: NaN is 0 beside its flag, infinities are the largest finite doubles. */
  double storedValue() {
    if (Double.isNaN(value)) {
      return 0;
    }
    return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  boolean isNan() {
    return Double.isNaN(value);
  }
}
