package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Row;
import java.sql.SQLException;

/** A run's row: its info and the internal id by which the other tables refer to it. */
record RunRow(long id, RunInfo info) {
  static final String COLUMNS =
      "r.id, r.run_id, r.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri, r.lifecycle";

  static RunRow map(Row row) throws SQLException {
    return new RunRow(
        row.number("id"),
        new RunInfo(
            row.text("run_id"),
            row.number("experiment_id"),
            row.text("name"),
            row.text("user_id"),
            RunStatus.valueOf(row.text("status")),
            row.number("start_time"),
            row.number("end_time"),
            row.text("artifact_uri"),
            Lifecycle.of(row.text("lifecycle"))));
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
