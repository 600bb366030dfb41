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

  private Launcher() {}

  /** What a command printed, and its exit code. */
  public record Outcome(int code, String out, String err) {}

  /** Runs it to its end. */
  public static Outcome run(String... arguments) {
    return run(Map.of(), arguments);
  }

  /** Runs it to its end, with more variables in its environment. */
  public static Outcome run(Map<String, String> environment, String... arguments) {
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
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Reaper.watch(process.toHandle());
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new AssertionError(
              arguments[0] + " did not end: " + Files.readString(out) + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
