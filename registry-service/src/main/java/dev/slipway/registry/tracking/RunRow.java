package dev.slipway.registry.tracking;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A run's row: its info and the internal id by which the other tables refer to it. */
record RunRow(long id, RunInfo info) {
  static final String COLUMNS =
      "r.id, r.run_id, r.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri, r.lifecycle";

  static RunRow map(ResultSet row) throws SQLException {
    long endTime = row.getLong("end_time");
    Long end = row.wasNull() ? null : endTime;
    return new RunRow(
        row.getLong("id"),
        new RunInfo(
            row.getString("run_id"),
            row.getLong("experiment_id"),
            row.getString("name"),
            row.getString("user_id"),
            RunStatus.valueOf(row.getString("status")),
            row.getLong("start_time"),
            end,
            row.getString("artifact_uri"),
            Lifecycle.of(row.getString("lifecycle"))));
  }

  RunRow requireActive() {
    if (info.lifecycle() != Lifecycle.ACTIVE) {
      throw Refused.invalid(
          "The run " + info.runId() + " must be in the 'active' state. Current state is "
              + info.lifecycle().label() + ".");
    }
    return this;
  }
}
