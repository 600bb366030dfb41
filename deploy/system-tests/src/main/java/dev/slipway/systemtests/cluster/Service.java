package dev.slipway.systemtests.cluster;

import dev.slipway.launcher.process.Readiness;
import dev.slipway.launcher.process.Stop;
import dev.slipway.launcher.stack.LogTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One process of the cluster that can be killed and started again at the same address. */
public final class Service {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int ERRORS = 5;
  private static final int TRACE_LINES = 25;
  private static final Readiness READINESS = new Readiness();

  private final String name;
  private final URI url;
  private final Path log;
  private final Stop stop;
  private final BooleanSupplier ready;
  private final Start start;
  private Process process;

  /** Starts the process, its output appended to the log. */
  @FunctionalInterface
  interface Start {
    Process on(Path log) throws IOException;
  }

  Service(String name, URI url, Path log, Stop stop, BooleanSupplier ready, Start start) {
    this.name = name;
    this.url = url;
    this.log = log;
    this.stop = stop;
    this.ready = ready;
    this.start = start;
  }

  static Service http(String name, URI url, Path log, Start start) {
    return new Service(name, url, log, Stop.SERVICE, () -> READINESS.ready(url), start);
  }

  public URI url() {
    return url;
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Starts it without waiting. */
  public Service launch() {
    try {
      process = start.on(log);
      Reaper.watch(process.toHandle());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it is ready; a process that ended meanwhile is started anew (PostgreSQL after a kill). */
  public Service awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!ready.getAsBoolean()) {
      if (System.nanoTime() > deadline || (!process.isAlive() && stop.equals(Stop.SERVICE))) {
        throw new IllegalStateException(name + " is not ready; its log ends with\n" + tail());
      }
      if (!process.isAlive()) {
        launch();
      }
      rest();
    }
    return this;
  }

  public Service start() {
    return launch().awaitReady();
  }

  /** Whether it was ever started. */
  boolean started() {
    return process != null;
  }

  /** kill -9. Returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** kill -STOP: it keeps its connections and does nothing. {@link #resume} wakes it up. */
  public void pause() {
    signal("-STOP");
  }

  /** kill -CONT. */
  public void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
          .inheritIO()
          .start()
          .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill " + signal + " of " + name + " answered " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Ends it as an operator would. */
  public void stop() {
    if (process != null) {
      stop.end(process.toHandle());
    }
  }

  /** The process's identifier. */
  public long pid() {
    return process.pid();
  }

  /** Resident memory, in bytes. Linux only. */
  public long residentBytes() {
    return statusKilobytes("VmRSS:") * 1024;
  }

  /** Open file descriptors. Linux only. */
  public long openFiles() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return descriptors.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The end of its log, for a failure's message. */
  public String tail() {
    try {
      return LogTail.brief(log, 40);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it logged as an error: a test that fails says what it saw, and this says why. */
  void tellErrors() {
    if (Files.notExists(log)) {
      return;
    }
    try (Stream<String> lines = Files.lines(log)) {
      lines
          .filter(line -> line.contains("\"level\":\"ERROR\""))
          .limit(ERRORS)
          .map(line -> Json.read(line))
          .forEach(entry -> System.out.println(name + " logged: "
              + entry.path("message").asText() + causes(entry.path("stackTrace").asText())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String causes(String trace) {
    return trace
        .lines()
        .filter(line -> !line.startsWith("\tat ") || line.contains("dev.slipway"))
        .limit(TRACE_LINES)
        .collect(Collectors.joining("\n", "\n", ""));
  }

  private long statusKilobytes(String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      String line = lines.filter(one -> one.startsWith(field)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a service", e);
    }
  }
}
