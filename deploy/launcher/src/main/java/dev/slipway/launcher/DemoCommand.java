package dev.slipway.launcher;

import dev.slipway.launcher.demo.Story;
import dev.slipway.launcher.postgres.Directories;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.StackFiles;
import dev.slipway.launcher.stack.StackOptions;
import dev.slipway.launcher.stack.StackState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description =
        "Tell the main job by real calls to a stack of its own: register, review, promote, predict, roll back.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Leave the stack running, and say where it is.")
  private boolean keep;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the demo's stack lives; emptied first. Default: .slipway/demo in the repository.")
  private Path data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = DataOption.home();
    LocalStack stack =
        new LocalStack(new StackFiles(data == null ? home.resolve(".slipway/demo") : data), home);
    beginEmpty(stack);
    new Training(home, DemoCommand::say).ifNeeded();
    // Ctrl-C in the middle of the story must not leave the stack behind.
    Thread cleanUp = new Thread(() -> end(stack), "end-demo");
    Runtime.getRuntime().addShutdownHook(cleanUp);
    StackState state = stack.up(
        new StackOptions(
            Ports.free(),
            Ports.free(),
            Ports.free(),
            "reviewed",
            null,
            null,
            StackOptions.PEOPLE,
            false),
        DemoCommand::say);
    new Story(state, home.resolve("deploy/demo"), System.out).tell();
    System.out.println();
    if (keep) {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
      System.out.println("The stack runs on:");
      StatusCommand.print(state);
      System.out.println("  end it with  slipway down --data " + state.data());
    }
    return 0;
  }

  private static void say(String what) {
    System.err.println("  " + what);
  }

  private static void beginEmpty(LocalStack stack) throws IOException, InterruptedException {
    if (stack.down()) {
      System.err.println("  ended the stack of an earlier demo");
    }
    Path folder = stack.files().data();
    if (Files.exists(folder) && Files.notExists(stack.files().lock()) && !isEmpty(folder)) {
      throw CommandFailure.refused(
          folder + " is not empty, and was never a stack's: name another folder");
    }
    Directories.delete(folder);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void end(LocalStack stack) {
    try {
      stack.down();
    } catch (IOException e) {
      System.err.println("slipway: the demo's stack could not be ended: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
