package dev.slipway.launcher.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.launcher.UserFolder;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.process.Stop;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
  @TempDir
  private Path temp;

  @Test
  void shouldKeepRowsOverAKillAndRefuseAWrongPassword() throws Exception {
    PostgresServer server = server("right");
    server.prepare();
    Process first = start(server);
    try (Connection connection = server.connect(PostgresServer.DATABASE)) {
      execute(connection, "create table kept (n int)");
      execute(connection, "insert into kept values (42)");
      assertThat(one(connection, "show fsync")).isEqualTo("on");
      assertThat(one(connection, "show synchronous_commit")).isEqualTo("on");
      assertThat(one(connection, "show full_page_writes")).isEqualTo("on");
    }
    first.destroyForcibly().waitFor();

    server.prepare();
    Process second = start(server);
    try {
      try (Connection connection = server.connect(PostgresServer.DATABASE)) {
        assertThat(one(connection, "select n from kept")).isEqualTo("42");
      }
      PostgresServer guess =
          new PostgresServer(server.home(), server.data(), server.port(), "wrong");
      assertThatThrownBy(() -> guess.connect(PostgresServer.DATABASE))
          .isInstanceOf(SQLException.class);
    } finally {
      Stop.POSTGRES.end(second.toHandle());
    }
    assertThat(second.exitValue()).isZero();
  }

  private PostgresServer server(String password) throws IOException {
    return new PostgresServer(
        PostgresBinaries.in(UserFolder.CACHE.path()), temp.resolve("data"), Ports.free(), password);
  }

  /** A killed server's workers hold its memory for a moment: the next start may be refused, and is tried again. */
  private Process start(PostgresServer server) throws IOException {
    Process[] process = {server.start(temp.resolve("log"))};
    await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(() -> {
      if (!process[0].isAlive()) {
        process[0] = server.start(temp.resolve("log"));
      }
      return server.ready();
    });
    return process[0];
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
