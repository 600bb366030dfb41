package dev.slipway.registry.db;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Runs statements on the transaction's connection; without a transaction each statement commits by itself. Arguments may be
 * null, text, numbers, booleans, {@link Instant}s, and collections of longs or of texts (bound as SQL arrays).
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
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
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
        case Collection<?> values -> {
          boolean numbers = values.stream().allMatch(Long.class::isInstance);
          statement.setArray(
              i + 1, connection.createArrayOf(numbers ? "bigint" : "text", values.toArray()));
        }
        default -> statement.setObject(i + 1, argument);
      }
    }
  }
}
