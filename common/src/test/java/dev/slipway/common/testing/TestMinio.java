package dev.slipway.common.testing;

import dev.slipway.common.store.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/**
 * A real MinIO server on a free loopback port with a folder of its own; it dies with the JVM. The binary is named by the
 * environment variable {@code SLIPWAY_MINIO}, or is {@code ~/.cache/slipway/bin/minio}. Without one a test fails where
 * {@code CI=true}, and is skipped with the reason elsewhere.
 */
public final class TestMinio implements AutoCloseable {
  public static final String ACCESS_KEY = "slipway-test";
  public static final String SECRET_KEY = "slipway-test-secret";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static TestMinio shared;

  private final Path binary;
  private final Path folder;
  private final int port;
  private final Thread hook = new Thread(this::kill, "test-minio-stop");
  private Process process;

  private TestMinio(Path binary) throws IOException {
    this.binary = binary;
    this.folder = Files.createTempDirectory("slipway-test-minio");
    this.port = FreePorts.next();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The JVM's one server, started on first use. Do not stop it: other tests use it too. */
  public static synchronized TestMinio shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /** A server of the caller's own, to be stopped or killed at will. */
  public static TestMinio start() {
    try {
      var minio = new TestMinio(binary());
      minio.resume();
      return minio;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings of a fresh bucket, to be made when the store is opened. */
  public StoreSettings.S3 freshBucket() {
    return settings("test-" + UUID.randomUUID()).creating();
  }

  /** Settings of that bucket, which is taken to be there. */
  public StoreSettings.S3 settings(String bucket) {
    return new StoreSettings.S3(url(), bucket, ACCESS_KEY, SECRET_KEY, "us-east-1");
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Kills the server; its folder and port stay, for {@link #resume}. */
  public synchronized void stop() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Starts a stopped server again on the same folder and port, and waits until it answers. */
  public synchronized void resume() {
    try {
      var builder = new ProcessBuilder(
              binary.toString(), "server", folder.toString(), "--address", "127.0.0.1:" + port)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolveSibling(folder.getFileName() + ".log").toFile());
      builder.environment().put("MINIO_ROOT_USER", ACCESS_KEY);
      builder.environment().put("MINIO_ROOT_PASSWORD", SECRET_KEY);
      builder.environment().put("MINIO_BROWSER", "off");
      process = builder.start();
      awaitReady();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("MinIO did not start:\n"
            + Files.readString(folder.resolveSibling(folder.getFileName() + ".log")));
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private boolean answers() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(url().resolve("/minio/health/ready")).build();
      return socket.isConnected()
          && client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops the server and deletes its folder. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    kill();
  }

  private void kill() {
    stop();
    try {
      TestFolders.delete(folder);
      Files.deleteIfExists(folder.resolveSibling(folder.getFileName() + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As deploy/provide-minio finds it. */
  private static Path cache() {
    String named = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    return named.isEmpty()
        ? Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home")), ".cache")
        : Path.of(named);
  }

  private static Path binary() {
    String named = System.getenv("SLIPWAY_MINIO");
    Path binary = named != null ? Path.of(named) : cache().resolve("slipway/bin/minio");
    if (!Files.isExecutable(binary)) {
      String reason = "no MinIO server at " + binary + "; name one in SLIPWAY_MINIO";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(reason);
      }
      Assumptions.abort(reason);
    }
    return binary;
  }
}
