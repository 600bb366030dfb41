package dev.slipway.common.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class TestPostgresTest {

  @Test
  void eachDatabaseIsFresh() throws SQLException {
    String first = TestPostgres.freshDatabase();
    String second = TestPostgres.freshDatabase();

    try (var connection =
            DriverManager.getConnection(first, TestPostgres.USER, TestPostgres.PASSWORD);
        var statement = connection.createStatement()) {
      statement.execute("create table only_here (id int)");
    }
    try (var connection =
            DriverManager.getConnection(second, TestPostgres.USER, TestPostgres.PASSWORD);
        var tables = connection.getMetaData().getTables(null, null, "only_here", null)) {
      assertThat(tables.next()).isFalse();
    }
  }
}
