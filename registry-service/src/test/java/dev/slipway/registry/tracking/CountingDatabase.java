package dev.slipway.registry.tracking;

import dev.slipway.registry.db.StatementCount;
import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.util.List;
import javax.sql.DataSource;

/** Tracking's database as it is, with a count. */
@Mock
@Singleton
class CountingDatabase extends Database {
  CountingDatabase(DataSource source) {
    super(source);
  }

  @Override
  <T> List<T> query(RowMapper<T> mapper, String sql, Object... parameters) {
    StatementCount.made();
    return super.query(mapper, sql, parameters);
  }

  @Override
  int update(String sql, Object... parameters) {
    StatementCount.made();
    return super.update(sql, parameters);
  }
}
