package dev.slipway.launcher;

import dev.slipway.launcher.demo.Rehearsal;
import dev.slipway.launcher.postgres.Directories;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.StackFiles;
import dev.slipway.launcher.stack.StackOptions;
import dev.slipway.launcher.stack.StackState;
import dev.slipway.launcher.stack.StartupCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the start-up caches of both services, once after each build: a stack of its own lives through the demo's story unseen,
 * and rolls back until that is quick.
 * Nothing depends on them but the time that a start takes, so whatever goes wrong is said and passed over.
 */
public final class Training {
  private static final List<String> MODULES = List.of("registry-service", "serving-service");
  private static final String OFF = "off";
  /** So many that the compilers had time for what a rollback runs through. */
  private static final int ROLLBACKS = 60;

  private final Path home;
  private final Consumer<String> progress;

  /**
   * @param home the root of the repository
   * @param progress told what takes long, a line at a time
   */
  public Training(Path home, Consumer<String> progress) {
    this.home = home;
    this.progress = progress;
  }

  /** Trains unless the caches are there, or {@code SLIPWAY_AOT=off} says that they are not wanted. */
  public void ifNeeded() throws InterruptedException {
    try {
      if (OFF.equals(System.getenv("SLIPWAY_AOT")) || complete()) {
        return;
      }
      progress.accept("training the start-up cache, once after a build (SLIPWAY_AOT=off: without)");
      LocalStack stack = new LocalStack(new StackFiles(home.resolve(".slipway/aot/stack")), home);
      if (!stack.running()) {
        train(stack);
      }
    } catch (IOException | UncheckedIOException | CommandFailure e) {
      progress.accept("there is no start-up cache, so starts take longer: " + e.getMessage());
    }
  }

  private void train(LocalStack stack) throws IOException, InterruptedException {
    Directories.delete(stack.files().data());
    Thread cleanUp = new Thread(() -> quietly(stack), "end-training");
    Runtime.getRuntime().addShutdownHook(cleanUp);
    try {
      StackState state = stack.up(options(), what -> {});
      try (var rehearsal = new Rehearsal(state, home.resolve("deploy/demo"))) {
        rehearsal.run(ROLLBACKS);
      }
    } finally {
      stack.down();
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    }
    for (String module : MODULES) {
      if (!StartupCache.of(home, module).adopt()) {
        throw CommandFailure.refused("the " + module + " left none");
      }
    }
    Directories.delete(stack.files().data());
  }

  private boolean complete() throws IOException {
    for (String module : MODULES) {
      if (!StartupCache.of(home, module).exists()) {
        return false;
      }
    }
    return true;
  }

  private static StackOptions options() {
    return new StackOptions(
        Ports.free(),
        Ports.free(),
        Ports.free(),
        "reviewed",
        null,
        null,
        StackOptions.PEOPLE,
        true);
  }

  private static void quietly(LocalStack stack) {
    try {
      stack.down();
    } catch (IOException e) {
      System.err.println("slipway: the training stack could not be ended: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
