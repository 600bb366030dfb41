package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "advance",
    description =
        "Bring a release in steps to its next step, and after the last one to all requests.",
    mixinStandardHelpOptions = true)
final class RolloutAdvanceCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String model;

  @Override
  public Integer call() {
    Api registry = target.registry();
    long latest = RolloutStatusCommand.latest(registry, model).path("id").asLong();
    JsonNode release = registry.send("POST", "/api/v1/releases/" + latest + "/advance", null);
    target.print(release, () -> RolloutStatusCommand.print(release));
    return 0;
  }
}
