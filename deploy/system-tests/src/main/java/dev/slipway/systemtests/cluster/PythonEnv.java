package dev.slipway.systemtests.cluster;

import dev.slipway.common.artifact.Digest;
import dev.slipway.launcher.UserFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python environment of pinned packages, for tests with clients that are Python programs. It is made once a machine, in the
 * user's cache, under the hash of its requirements and its interpreter.
 */
public final class PythonEnv {
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(8);
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);
  private static final String VERSION_3_10 =
      "import sys; print(sys.version); sys.exit(0 if sys.version_info >= (3, 10) else 1)";

  private final Path folder;

  private PythonEnv(Path folder) {
    this.folder = folder;
  }

  /**
   * The environment for a requirements file. Where there is no Python 3.10, or the packages cannot be had, the calling test
   * fails when {@code CI=true}, and is skipped with the reason elsewhere. {@code SLIPWAY_PYTHON} names another interpreter.
   */
  public static PythonEnv of(Path requirements) {
    return of(requirements, List.of());
  }

  /**
   * As {@link #of(Path)}, of the packages in the file and nothing else: for a file that names all that is needed of a package
   * whose declared dependencies are much more, or do not fit each other.
   */
  public static PythonEnv exactly(Path requirements) {
    return of(requirements, List.of("--no-deps", "--no-compile"));
  }

  private static PythonEnv of(Path requirements, List<String> options) {
    try {
      String python = System.getenv().getOrDefault("SLIPWAY_PYTHON", "python3");
      Outcome version = execute(List.of(python, "-c", VERSION_3_10), Map.of(), LOOK_LIMIT);
      if (version.exit() != 0) {
        throw unavailable("there is no Python 3.10 or newer (python3): " + version.output());
      }
      byte[] content =
          (version.output() + Files.readString(requirements)).getBytes(StandardCharsets.UTF_8);
      String key = Digest.of(content).value().replaceFirst("^sha256:", "").substring(0, 16);
      Path folder = UserFolder.CACHE.path().resolve("venvs").resolve(key);
      return provide(python, requirements, options, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One at a time on this machine; what a killed build left is made anew. */
  private static PythonEnv provide(
      String python, Path requirements, List<String> options, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path lock = folder.resolveSibling(folder.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      Path complete = folder.resolve("complete");
      if (held.isValid() && !Files.exists(complete)) {
        must(execute(
            List.of(python, "-m", "venv", "--clear", folder.toString()), Map.of(), INSTALL_LIMIT));
        List<String> install =
            new ArrayList<>(List.of(interpreter(folder), "-m", "pip", "install", "--quiet"));
        install.addAll(options);
        install.addAll(List.of("--disable-pip-version-check", "-r", requirements.toString()));
        must(execute(install, Map.of(), INSTALL_LIMIT));
        Files.writeString(complete, requirements.getFileName() + "\n");
      }
    }
    return new PythonEnv(folder);
  }

  private static void must(Outcome outcome) {
    if (outcome.exit() != 0) {
      throw unavailable("a Python environment could not be made: " + outcome.output());
    }
  }

  /** Runs {@code python arguments...}, at most for {@code limit}; its output is both of its streams. */
  public Outcome run(Map<String, String> environment, Duration limit, String... arguments) {
    List<String> command = new ArrayList<>(List.of(interpreter(folder)));
    command.addAll(List.of(arguments));
    return execute(command, environment, limit);
  }

  /** A program that a package brought, such as {@code mlflow}. */
  public Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  private static String interpreter(Path folder) {
    return folder.resolve("bin/python").toString();
  }

  private static Outcome execute(
      List<String> command, Map<String, String> environment, Duration limit) {
    try {
      Path output = Files.createTempFile("slipway-python", ".txt");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return finish(builder, output, limit);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Outcome finish(ProcessBuilder builder, Path output, Duration limit)
      throws IOException, InterruptedException {
    Process process;
    try {
      process = builder.start();
    } catch (IOException missing) {
      return new Outcome(127, missing.getMessage());
    }
    Reaper.watch(process.toHandle());
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
      return new Outcome(124, "did not end within " + limit + ":\n" + Files.readString(output));
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  private static AssertionError unavailable(String reason) {
    if ("true".equals(System.getenv("CI"))) {
      return new AssertionError(reason);
    }
    Assumptions.abort(reason);
    return new AssertionError(reason);
  }

  /** How a program ended, and what it printed. */
  public record Outcome(int exit, String output) {}
}
