package dev.slipway.launcher;

import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.StackFiles;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which stack a command is about. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The stack's data directory. Default: $XDG_DATA_HOME/slipway, else ~/.local/share/slipway.")
  private Path data;

  LocalStack stack() {
    return new LocalStack(data == null ? StackFiles.ofUser() : new StackFiles(data), home());
  }

  /** The root of the repository, where the packaged services are. */
  static Path home() {
    String home = System.getProperty("slipway.home");
    if (home == null) {
      throw CommandFailure.usage(
          "run it by the script ./slipway, which knows where the services are");
    }
    return Path.of(home);
  }
}
