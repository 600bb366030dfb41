package dev.slipway.registry.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** One row of a result, read by column name. A null column is null, also for whole numbers. */
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public String text(String column) throws SQLException {
    return result.getString(column);
  }

  public Long number(String column) throws SQLException {
    long value = result.getLong(column);
    return result.wasNull() ? null : value;
  }

  public Integer integer(String column) throws SQLException {
    int value = result.getInt(column);
    return result.wasNull() ? null : value;
  }

  /** A number with a fraction; zero for null. */
  public double decimal(String column) throws SQLException {
    return result.getDouble(column);
  }

  public boolean flag(String column) throws SQLException {
    return result.getBoolean(column);
  }

  public Instant time(String column) throws SQLException {
    OffsetDateTime time = result.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
