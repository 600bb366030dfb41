package dev.slipway.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged `slipway` command, without the script around it: the script would build what is being built. */
public final class Launcher {
  private static final long LIMIT_MINUTES = 4;
  private static final Path HERE = Path.of("").toAbsolutePath();

  private Launcher() {}

  /** What a command printed, and its exit code. */
  public record Outcome(int code, String out, String err) {}

  /** Runs it to its end. */
  public static Outcome run(String... arguments) {
    return run(Map.of(), arguments);
  }

  /** Runs it to its end, with more variables in its environment. */
  public static Outcome run(Map<String, String> environment, String... arguments) {
    return run(HERE, environment, null, arguments);
  }

  /**
   * Runs it to its end, with more variables in its environment.
   *
   * @param folder where it is typed
   * @param input what its standard input holds; null for a pipe that nobody writes to
   */
  public static Outcome run(
      Path folder, Map<String, String> environment, Path input, String... arguments) {
    try (Running running = start(folder, environment, input, arguments)) {
      if (!running.process().waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError(arguments[0] + " did not end: " + running.out() + running.err());
      }
      return new Outcome(running.process().exitValue(), running.out(), running.err());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Starts one that goes on until somebody ends it. */
  public static Running start(Map<String, String> environment, String... arguments) {
    return start(HERE, environment, null, arguments);
  }

  private static Running start(
      Path folder, Map<String, String> environment, Path input, String... arguments) {
    Path home = ClusterPlan.usual().home();
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dslipway.home=" + home));
    command.addAll(List.of(
        "-cp", home.resolve("deploy/launcher/target/lib") + "/*", "dev.slipway.launcher.Slipway"));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("slipway-out", ".txt");
      Path err = Files.createTempFile("slipway-err", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectOutput(out.toFile())
          .redirectError(err.toFile());
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      builder.environment().putAll(environment);
      Process process = builder.start();
      Reaper.watch(process.toHandle());
      return new Running(process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command on its way. Closing it ends it, and forgets what it printed. */
  public record Running(Process process, Path outFile, Path errFile) implements AutoCloseable {

    /** What it has printed so far. */
    public String out() {
      return read(outFile);
    }

    /** What it has complained of so far. */
    public String err() {
      return read(errFile);
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
      try {
        Files.delete(outFile);
        Files.delete(errFile);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
