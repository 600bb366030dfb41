package dev.slipway.launcher.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * One PostgreSQL server on loopback, with a password and durable writes.
 *
 * @param home the unpacked programs
 * @param data the database cluster, made by {@link #prepare}
 * @param port where it listens
 * @param password of the user {@value #USER}, who owns everything
 */
public record PostgresServer(Path home, Path data, int port, String password) {
  public static final String USER = "slipway";
  public static final String DATABASE = "slipway";

  /** Makes the cluster when there is none. A half-made one, of a start that was killed, is made anew. */
  public void prepare() throws IOException, InterruptedException {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    Path fresh = data.resolveSibling(data.getFileName() + ".new");
    Directories.delete(fresh);
    Files.createDirectories(fresh.getParent());
    Path passwordFile = Files.createTempFile("slipway-", ".pw");
    Path log = Files.createTempFile("slipway-initdb-", ".log");
    try {
      Files.writeString(passwordFile, password);
      List<String> command = program("initdb");
      command.addAll(List.of(
          "-D", fresh.toString(), "-U", USER, "--pwfile=" + passwordFile, "--auth=scram-sha-256"));
      command.addAll(List.of(
          "--encoding=UTF8",
          "--locale=C",
          "--locale-provider=builtin",
          "--builtin-locale=C.UTF-8"));
      Process initdb = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
      if (initdb.waitFor() != 0) {
        throw new IOException(
            "PostgreSQL could not make its files in " + fresh + ": " + Files.readString(log));
      }
      Directories.delete(data);
      Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(passwordFile);
      Files.deleteIfExists(log);
    }
  }

  /** Starts the server, its output appended to {@code log}. */
  public Process start(Path log) throws IOException {
    List<String> command = program("postgres");
    command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
    command.addAll(List.of("-c", "max_connections=200", "-c", "timezone=UTC"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Whether the server answers; makes the database on the first yes. */
  public boolean ready() {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return true;
        }
      }
      statement.execute("create database " + DATABASE);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  public String jdbcUrl() {
    return jdbcUrl(DATABASE);
  }

  /** A connection to {@code database} as the owner. The caller closes it. */
  public Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "2");
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  private String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** PostgreSQL refuses to run as root: in a user namespace of its own it is nobody, and the process stays the same. */
  private List<String> program(String name) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "--user"));
    }
    command.add(home.resolve("bin").resolve(name).toString());
    return command;
  }
}
