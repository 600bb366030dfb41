package dev.slipway.common.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One real embedded Postgres a JVM, with a fresh database a request. It dies with the JVM. */
public final class TestPostgres {
  public static final String USER = "postgres";
  public static final String PASSWORD = "postgres";

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static EmbeddedPostgres server;

  private TestPostgres() {}

  /** The JDBC URL of a new, empty database. User {@link #USER}, password {@link #PASSWORD}; the URL names neither. */
  public static String freshDatabase() {
    String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    execute("create database " + name);
    return url(name);
  }

  /** Runs a statement as the superuser in the server's own database, for example to end another database's sessions. */
  public static void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url("postgres"), USER, PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot run: " + sql, e);
    }
  }

  private static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server().getPort() + "/" + database;
  }

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        // Its own shutdown hook stops the server and deletes the data directory.
        server = EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "300")
            .setPGStartupWait(java.time.Duration.ofSeconds(60))
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return server;
  }
}
