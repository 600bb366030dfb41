package dev.slipway.registry.db;

import java.sql.SQLException;

/** A statement failed. */
public final class DatabaseException extends RuntimeException {
  private final transient SQLException sql;

  DatabaseException(SQLException cause) {
    super(cause.getMessage(), cause);
    this.sql = cause;
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

  /** Somebody else held a lock on what the statement wanted for too long. */
  public boolean isLocked() {
    return "55P03".equals(state());
  }

  /** A row with that key is there already. */
  public boolean isDuplicate() {
    return "23505".equals(state());
  }

  private String state() {
    return sql == null ? null : sql.getSQLState();
  }
}
