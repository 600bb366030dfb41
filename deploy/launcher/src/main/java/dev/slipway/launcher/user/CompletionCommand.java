package dev.slipway.launcher.user;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Print the completion for bash and zsh: source <(slipway completion)",
    mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    System.out.println(AutoComplete.bash("slipway", spec.root().commandLine()));
    return 0;
  }
}
