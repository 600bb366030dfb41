package dev.slipway.registry.tracking;

import java.sql.ResultSet;
import java.sql.SQLException;

/** How a point is read from {@code metric} and {@code latest_metric}. */
final class MetricRow {
  private MetricRow() {}

  static Metric map(ResultSet row) throws SQLException {
    return new Metric(
        row.getString("key"),
        row.getBoolean("is_nan") ? Double.NaN : row.getDouble("value"),
        row.getLong("timestamp"),
        row.getLong("step"));
  }
}
