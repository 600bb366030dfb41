package dev.slipway.systemtests.cluster;

import dev.slipway.launcher.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real {@code mlflow server} on loopback: what a team comes from, and what we are measured beside. */
public final class MlflowServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final URI url;
  private final Process process;

  private MlflowServer(URI url, Process process) {
    this.url = url;
    this.process = process;
  }

  /**
   * Starts one and returns when it answers.
   *
   * @param python an environment that has the package {@code mlflow}
   * @param folder for its log and its artifacts
   * @param store a SQLAlchemy address, such as {@code sqlite:////tmp/x.db}
   * @throws IOException when it ends or does not answer within three minutes, with its log
   */
  public static MlflowServer start(PythonEnv python, Path folder, String store, int workers)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path log = folder.resolve("mlflow-server.log");
    int port = Ports.free();
    ProcessBuilder builder = new ProcessBuilder(
            python.program("mlflow").toString(),
            "server",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--workers",
            Integer.toString(workers),
            "--backend-store-uri",
            store,
            "--artifacts-destination",
            folder.resolve("artifacts").toString())
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile());
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    URI url = URI.create("http://127.0.0.1:" + port);
    Process process = builder.start();
    Reaper.watch(process.toHandle());
    MlflowServer server = new MlflowServer(url, process);
    try {
      server.awaitReady(log);
      process.descendants().forEach(Reaper::watch);
      return server;
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private void awaitReady(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (!answers(client)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("mlflow server is not ready; its log:\n" + Files.readString(log));
        }
        Thread.sleep(LOOK);
      }
    }
  }

  private boolean answers(HttpClient client) throws InterruptedException {
    HttpRequest look = HttpRequest.newBuilder(url.resolve("/health"))
        .timeout(Duration.ofSeconds(5))
        .build();
    try {
      return client.send(look, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  public URI url() {
    return url;
  }

  @Override
  public void close() {
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroyForcibly().onExit().join();
    workers.forEach(ProcessHandle::destroyForcibly);
  }
}
