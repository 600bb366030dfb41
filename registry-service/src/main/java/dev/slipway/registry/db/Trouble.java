package dev.slipway.registry.db;

import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.PessimisticLockException;
import java.sql.SQLException;
import java.util.Optional;
import org.hibernate.exception.JDBCConnectionException;

/** Failures of the database that are nobody's mistake: the same call may succeed a moment later. */
public enum Trouble {
  /** The connection was lost or could not be had, or the server ended it: nothing is wrong with the statement. */
  AWAY("the database cannot be reached"),
  /** Somebody else held a lock on what the statement wanted for too long. */
  BUSY("somebody else is busy with this for too long");

  private final String words;

  Trouble(String words) {
    this.words = words;
  }

  /** What a caller is told. */
  public String words() {
    return words;
  }

  /** The trouble behind a failure, however deep; empty when it is another kind of failure. */
  public static Optional<Trouble> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Trouble trouble = known(cause);
      if (trouble != null) {
        return Optional.of(trouble);
      }
    }
    return Optional.empty();
  }

  private static Trouble known(Throwable failure) {
    return switch (failure) {
      case LockTimeoutException _ -> BUSY;
      case PessimisticLockException _ -> BUSY;
      case JDBCConnectionException _ -> AWAY;
      case SQLException sql -> of(sql.getSQLState());
      default -> null;
    };
  }

  /**
   * By the classes of PostgreSQL's error codes (manual, appendix A). The connection pool has none: it says so when there is no
   * connection to be had in time.
   */
  private static Trouble of(String state) {
    if (state == null
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("25P03")) {
      return AWAY;
    }
    return state.equals("55P03") || state.equals("40P01") ? BUSY : null;
  }
}
