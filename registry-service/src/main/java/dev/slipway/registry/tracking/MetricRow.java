package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Row;
import java.sql.SQLException;

/** How a point is read from {@code metric} and {@code latest_metric}. */
final class MetricRow {
  private MetricRow() {}

  static Metric map(Row row) throws SQLException {
    return new Metric(
        row.text("key"),
        row.flag("is_nan") ? Double.NaN : row.decimal("value"),
        row.number("timestamp"),
        row.number("step"));
  }
}
