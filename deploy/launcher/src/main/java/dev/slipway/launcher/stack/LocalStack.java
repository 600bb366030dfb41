package dev.slipway.launcher.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.process.Leftovers;
import dev.slipway.launcher.process.Leftovers.Leftover;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.stack.StackState.Phase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One local stack as the commands see it: start, look, stop. */
public final class LocalStack {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final Duration START_PATIENCE = Duration.ofMinutes(5);
  private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MS = 50;

  private final StackFiles files;
  private final Path home;

  public LocalStack(StackFiles files, Path home) {
    this.files = files;
    this.home = home;
  }

  public StackFiles files() {
    return files;
  }

  /** Whether a supervisor runs on this data. */
  public boolean running() throws IOException {
    return StackLock.isHeld(files.lock());
  }

  /** What the supervisor last said; empty when none runs. */
  public Optional<StackState> state() throws IOException {
    return running() ? StackState.read(files) : Optional.empty();
  }

  /** Processes that still run although their supervisor is gone. */
  public List<Leftover> leftovers() throws IOException {
    return running() ? List.of() : Leftovers.of(files.data(), files.database());
  }

  /**
   * Starts the stack and returns when it is ready.
   *
   * @param progress told what is going on, each time it changes
   * @throws CommandFailure when it runs already, a port is taken, or it does not come up
   */
  public StackState up(StackOptions options, Consumer<String> progress)
      throws IOException, InterruptedException {
    StackServices.requireKeys(options);
    files.prepare();
    refuseTwice();
    for (Leftover left : leftovers()) {
      progress.accept("ending what an earlier run left: " + left.name() + ", process "
          + left.process().pid());
      left.end();
    }
    refuseTaken(options);
    Files.write(files.options(), JSON.writeValueAsBytes(options));
    Files.deleteIfExists(files.state());
    return awaitReady(launch(), progress);
  }

  /** Ends the stack, leftovers included. Returns when no process is left; answers whether anything ran. */
  public boolean down() throws IOException, InterruptedException {
    boolean ran = running();
    if (ran) {
      endSupervisor();
    }
    for (Leftover left : Leftovers.of(files.data(), files.database())) {
      ran = true;
      left.end();
    }
    return ran;
  }

  private void endSupervisor() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    Optional<ProcessHandle> supervisor = Optional.empty();
    while (running() || supervisor.filter(ProcessHandle::isAlive).isPresent()) {
      if (System.nanoTime() > deadline) {
        throw CommandFailure.timeOut("the supervisor did not end within "
            + STOP_PATIENCE.toSeconds() + " s; see " + files.log("supervisor"));
      }
      // It may be so young that it has not yet said who it is.
      if (supervisor.isEmpty()) {
        supervisor =
            StackState.read(files).flatMap(state -> ProcessHandle.of(state.supervisorPid()));
        supervisor.ifPresent(ProcessHandle::destroy);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
  }

  private void refuseTwice() throws IOException {
    if (running()) {
      StackState state = StackState.read(files).orElse(null);
      throw CommandFailure.conflict(
          "a stack already runs on " + files.data()
              + (state == null
                  ? ""
                  : ": registry " + state.registryUrl() + ", serving " + state.servingUrl())
              + "\n  stop it:            slipway down --data " + files.data()
              + "\n  or start another:   slipway up --data OTHER --registry-port … --serving-port … --grpc-port …");
    }
  }

  private static void refuseTaken(StackOptions options) {
    Map<String, Integer> wanted = new java.util.LinkedHashMap<>();
    wanted.put("--registry-port", options.registryPort());
    wanted.put("--serving-port", options.servingPort());
    wanted.put("--grpc-port", options.grpcPort());
    wanted.forEach((option, port) -> {
      if (!Ports.isFree(port)) {
        throw CommandFailure.conflict(
            "port " + port + " of 127.0.0.1 is taken by another program; name another one with "
                + option + " PORT");
      }
    });
    if (wanted.values().stream().distinct().count() < wanted.size()) {
      throw CommandFailure.usage("--registry-port, --serving-port and --grpc-port must differ");
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(detached());
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of(
        "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dslipway.home=" + home));
    command.addAll(List.of(
        "-cp", home.resolve("deploy/launcher/target/lib") + "/*", "dev.slipway.launcher.Slipway"));
    command.addAll(List.of("supervise", "--data", files.data().toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(files.log("supervisor").toFile())
        .start();
  }

  /** In a session of its own, so that closing the terminal or Ctrl-C in it does not reach the stack. */
  private static List<String> detached() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(directory, "setsid"))) {
        return List.of("setsid");
      }
    }
    return List.of("perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV", "--");
  }

  private StackState awaitReady(Process supervisor, Consumer<String> progress)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    String said = "";
    while (System.nanoTime() < deadline) {
      StackState state = StackState.read(files).orElse(null);
      if (state != null && state.phase() == Phase.READY) {
        return state;
      }
      if (state != null && state.phase() == Phase.FAILED) {
        throw CommandFailure.refused(state.message());
      }
      if (!supervisor.isAlive()) {
        throw CommandFailure.refused(
            "the supervisor ended while starting:\n" + LogTail.brief(files.log("supervisor"), 20));
      }
      if (state != null && !state.message().equals(said)) {
        said = state.message();
        progress.accept(said);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
    throw CommandFailure.timeOut("the stack was not ready within " + START_PATIENCE.toMinutes()
        + " minutes; see " + files.logs());
  }
}
