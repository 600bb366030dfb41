package dev.slipway.registry.db;

import java.sql.SQLException;

/** A statement failed; {@link Trouble} tells whether it may succeed later. */
public final class DatabaseException extends RuntimeException {
  private final transient SQLException sql;

  DatabaseException(SQLException cause) {
    super(cause.getMessage(), cause);
    this.sql = cause;
  }

  /** A row with that key is there already. */
  public boolean isDuplicate() {
    return sql != null && "23505".equals(sql.getSQLState());
  }
}
