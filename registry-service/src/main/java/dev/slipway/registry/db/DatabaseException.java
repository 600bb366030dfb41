package dev.slipway.registry.db;

import java.sql.SQLException;

/** A statement failed. */
public final class DatabaseException extends RuntimeException {
  private final transient SQLException sql;

  DatabaseException(SQLException cause) {
    super(cause.getMessage(), cause);
    this.sql = cause;
  }

  /** SQLSTATE 23505: another row has these values already. */
  public boolean isDuplicate() {
    return "23505".equals(state());
  }

  /** SQLSTATE 23503: a row that is referred to, or refers, is in the way. */
  public boolean isForeignKey() {
    return "23503".equals(state());
  }

  /** The connection was lost or could not be made, or the server ended it: nothing is wrong with the statement. */
  public boolean isUnavailable() {
    String state = state();
    return state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("25P03");
  }

  private String state() {
    return sql == null ? null : sql.getSQLState();
  }
}
