package dev.slipway.registry.db;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGStatement;

/**
 * Runs statements on the transaction's connection; without a transaction each statement commits by itself. Arguments may be
 * null, text, numbers, booleans, {@link Instant}s, and collections and arrays of longs, doubles, booleans or texts (bound as SQL
 * arrays; an empty collection as one of longs).
 *
 * @throws DatabaseException for whatever the database refuses
 */
@ApplicationScoped
public class Database {
  private final AgroalDataSource source;

  Database(AgroalDataSource source) {
    this.source = source;
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(Row row) throws SQLException;
  }

  public <T> List<T> list(String sql, RowReader<T> reader, Object... arguments) {
    return list(false, sql, reader, arguments);
  }

  /**
   * As {@link #list}, planned for these very arguments each time. The plan that PostgreSQL keeps for a statement is made for arguments of
   * average rarity, and a metric that every run has is a hundred times as frequent: a filter and an order then cost three times as much.
   */
  public <T> List<T> search(String sql, RowReader<T> reader, Object... arguments) {
    return list(true, sql, reader, arguments);
  }

  private <T> List<T> list(
      boolean plannedEachTime, String sql, RowReader<T> reader, Object... arguments) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      if (plannedEachTime) {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      }
      bind(connection, statement, arguments);
      try (ResultSet result = statement.executeQuery()) {
        var rows = new ArrayList<T>();
        var row = new Row(result);
        while (result.next()) {
          rows.add(reader.read(row));
        }
        return rows;
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** The first row; empty when there is none. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, Object... arguments) {
    return list(sql, reader, arguments).stream().findFirst();
  }

  /** The number of rows that an insert, update or delete touched. */
  public int update(String sql, Object... arguments) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement, arguments);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, Object... arguments)
      throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      switch (argument) {
        case null -> statement.setObject(i + 1, null);
        case Instant time ->
          statement.setObject(i + 1, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
        case Collection<?> values ->
          statement.setArray(i + 1, array(connection, values.toArray(), Long.class));
        case Object[] values ->
          statement.setArray(i + 1, array(connection, values, values.getClass().componentType()));
        default -> statement.setObject(i + 1, argument);
      }
    }
  }

  /** An array's elements are of the type of its first; of a null one, texts. */
  private static Array array(Connection connection, Object[] values, Class<?> ofNone)
      throws SQLException {
    Object first = values.length > 0 ? values[0] : ofNone == Long.class ? 0L : null;
    return switch (first) {
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
