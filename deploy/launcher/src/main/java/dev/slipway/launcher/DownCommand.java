package dev.slipway.launcher;

import dev.slipway.launcher.stack.LocalStack;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "down",
    description = "Stop a local stack. Its data stays.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalStack stack = data.stack();
    System.out.println(
        stack.down() ? "stopped" : "nothing runs on " + stack.files().data());
    return 0;
  }
}
