package dev.slipway.registry.tracking;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Plain SQL on the service's data source; inside a transaction on the transaction's connection. Parameters bind by type: strings,
 * boxed numbers, booleans, null, and arrays and collections of strings, longs, doubles and booleans as SQL arrays.
 */
@ApplicationScoped
class Database {
  private static final String UNIQUE_VIOLATION = "23505";

  /** Reads one row; it must not move the cursor. */
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** The database failed, or refused a statement. */
  static final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String sqlState;

    DatabaseException(SQLException cause) {
      super(cause.getMessage(), cause);
      sqlState = cause.getSQLState();
    }

    boolean isUniqueViolation() {
      return UNIQUE_VIOLATION.equals(sqlState);
    }
  }

  private final DataSource source;

  Database(DataSource source) {
    this.source = source;
  }

  <T> List<T> query(RowMapper<T> mapper, String sql, Object... parameters) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        var results = new ArrayList<T>();
        while (rows.next()) {
          results.add(mapper.map(rows));
        }
        return results;
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  <T> List<T> query(RowMapper<T> mapper, SqlText text) {
    return query(mapper, text.sql(), text.parameters());
  }

  <T> Optional<T> first(RowMapper<T> mapper, String sql, Object... parameters) {
    return query(mapper, sql, parameters).stream().findFirst();
  }

  /** Executes a statement that answers a count of rows. */
  int update(String sql, Object... parameters) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement, parameters);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, Object[] parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case Object[] array -> statement.setArray(i + 1, array(connection, array));
        case Collection<?> values -> statement.setArray(i + 1, array(connection, values.toArray()));
        case null -> statement.setObject(i + 1, null);
        case Object value -> statement.setObject(i + 1, value);
      }
    }
  }

  /** An array's element type is that of its first element; text when that is null or there is none. */
  private static Array array(Connection connection, Object[] values) throws SQLException {
    return switch (values.length == 0 ? null : values[0]) {
      case Long _ -> connection.createArrayOf("bigint", typed(values, Long[].class));
      case Double _ -> connection.createArrayOf("float8", typed(values, Double[].class));
      case Boolean _ -> connection.createArrayOf("boolean", typed(values, Boolean[].class));
      case null, default -> connection.createArrayOf("text", typed(values, String[].class));
    };
  }

  /** The driver sends typed arrays in binary form, and others as text. */
  private static <T> T[] typed(Object[] values, Class<T[]> type) {
    return Arrays.copyOf(values, values.length, type);
  }
}
