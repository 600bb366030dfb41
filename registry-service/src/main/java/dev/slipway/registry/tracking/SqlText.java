package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import java.util.ArrayList;
import java.util.List;

/** A statement under construction, with its parameters in order. Only literals of this package are ever appended as text. */
final class SqlText {
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();

  SqlText append(String text, Object... values) {
    sql.append(text);
    parameters.addAll(java.util.Arrays.asList(values));
    return this;
  }

  SqlText append(SqlText other) {
    sql.append(other.sql);
    parameters.addAll(other.parameters);
    return this;
  }

  /** The rows that the statement finds. */
  <T> List<T> list(Database database, Database.RowReader<T> reader) {
    return database.search(sql.toString(), reader, parameters.toArray());
  }
}
