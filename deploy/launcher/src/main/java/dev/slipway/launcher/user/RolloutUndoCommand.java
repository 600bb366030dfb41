package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "undo",
    description = "Put the version before back, on every gateway, at once.",
    mixinStandardHelpOptions = true)
final class RolloutUndoCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String model;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "Another that was live. Default: the one before.")
  private Integer to;

  @Option(names = "-m", paramLabel = "TEXT", description = "Why.")
  private String message;

  @Override
  public Integer call() {
    Api registry = target.registry();
    Map<String, Object> body = new HashMap<>();
    body.put("to", to);
    body.put("reason", message);
    JsonNode answer = registry.send("POST", VersionName.modelPath(model) + "/rollback", body);
    target.print(answer, () -> {
      if (answer.has("replicas")) {
        RolloutStatusCommand.print(answer);
      } else {
        Requests.print(registry, answer);
      }
    });
    return 0;
  }
}
