package dev.slipway.registry.db;

import java.sql.SQLException;
import java.util.Set;

/**
 * Text with a NUL, which PostgreSQL keeps neither as such nor in JSON. Most callers are told before anything is asked of the database,
 * in words of their own; this is for the rest of the ways in: a caller's mistake is no failure of ours.
 */
public final class NulText {
  /** What a caller is told. */
  public static final String WORDS = "a text holds a NUL character, which cannot be kept";

  /** PostgreSQL's codes for a NUL in a text, and for its escape in JSON (manual, appendix A). */
  private static final Set<String> STATES = Set.of("22021", "22P05");

  private NulText() {}

  /** Whether that is what lies behind {@code failure}. */
  public static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && STATES.contains(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
