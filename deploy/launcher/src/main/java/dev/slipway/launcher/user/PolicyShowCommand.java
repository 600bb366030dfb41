package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "show",
    description = {
      "Show the policy in force, and why it holds.",
      "`-o json` gives what `slipway policy set` takes."
    },
    mixinStandardHelpOptions = true)
final class PolicyShowCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @ArgGroup(multiplicity = "1")
  private PolicyScope scope;

  @Override
  public Integer call() {
    JsonNode policy = target.registry().get(scope.path());
    target.print(policy, () -> Policies.print(policy));
    return 0;
  }
}
