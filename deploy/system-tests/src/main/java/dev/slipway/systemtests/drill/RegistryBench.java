package dev.slipway.systemtests.drill;

import dev.slipway.launcher.postgres.PostgresServer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.MlflowServer;
import dev.slipway.systemtests.cluster.PythonEnv;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The registry beside {@code mlflow server}: both on one PostgreSQL server, each in a database of its own, asked in turn by
 * {@code deploy/drills/bench/registry_bench.py}.
 */
@Command(
    name = "registry-bench",
    description = "MLflow's REST calls against the registry and against mlflow server, in turn.",
    mixinStandardHelpOptions = true)
final class RegistryBench implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final String THEIRS = "mlflow";

  @Option(names = "--runs", defaultValue = "10000", description = "In the searched experiment.")
  private int runs;

  @Option(names = "--rounds", defaultValue = "3")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "4", description = "Of each measurement.")
  private int seconds;

  @Option(names = "--connections", defaultValue = "1,16")
  private String connections;

  @Option(
      names = "--warm-up",
      defaultValue = "20",
      description = "Seconds at most, for each operation of each server; 0 for none.")
  private int warmUp;

  @Option(names = "--workers", defaultValue = "4", description = "Processes of mlflow server.")
  private int workers;

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    ClusterPlan plan = ClusterPlan.usual()
        .withDirectory()
        .withServings(0)
        .withRegistrySettings(Map.of("slipway.policy.default", "open"));
    PythonEnv python = PythonEnv.of(
        plan.home().resolve("deploy/system-tests/src/main/resources/python/mlflow_server.txt"));
    try (Cluster cluster = Cluster.start(plan);
        MlflowServer theirs = MlflowServer.start(
            python, cluster.folder().resolve(THEIRS), database(cluster.database()), workers)) {
      Path script = plan.home().resolve("deploy/drills/bench/registry_bench.py");
      PythonEnv.Outcome outcome = python.run(
          Map.of(),
          LIMIT,
          script.toString(),
          "--target",
          "slipway=" + cluster.registry().url(),
          "--target",
          THEIRS + '=' + theirs.url(),
          "--runs",
          Integer.toString(runs),
          "--rounds",
          Integer.toString(rounds),
          "--seconds",
          Integer.toString(seconds),
          "--warm-up",
          Integer.toString(warmUp),
          "--connections",
          connections);
      System.out.print(outcome.output());
      return outcome.exit();
    }
  }

  /** An empty database beside ours, as SQLAlchemy addresses it. */
  private static String database(PostgresServer server) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + THEIRS);
    }
    return "postgresql+psycopg2://%s:%s@127.0.0.1:%d/%s"
        .formatted(PostgresServer.USER, server.password(), server.port(), THEIRS);
  }
}
