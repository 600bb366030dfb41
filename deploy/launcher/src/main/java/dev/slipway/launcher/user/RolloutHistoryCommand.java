package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = "Who moved what, when and why, newest first.",
    mixinStandardHelpOptions = true)
final class RolloutHistoryCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String model;

  @Override
  public Integer call() {
    JsonNode found = target.registry().get(VersionName.modelPath(model) + "/history");
    target.print(
        found,
        () -> found
            .path("entries")
            .forEach(it -> System.out.println(it.path("at").asText().replaceFirst("\\..*", "Z")
                + "  " + it.path("text").asText())));
    return 0;
  }
}
