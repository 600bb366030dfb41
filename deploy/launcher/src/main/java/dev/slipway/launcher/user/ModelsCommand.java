package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "models",
    description = "List the models, by name.",
    mixinStandardHelpOptions = true)
public final class ModelsCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(arity = "0..1", paramLabel = "TEXT", description = "What the names must contain.")
  private String text = "";

  @Option(
      names = {"-L", "--limit"},
      paramLabel = "N",
      description = "At most so many. Default: ${DEFAULT-VALUE}.")
  private int limit = 100;

  @Override
  public Integer call() {
    Api registry = target.registry();
    JsonNode found =
        Pages.read(registry, "/api/v1/models?name_contains=" + Api.segment(text), "models", limit);
    target.print(found, () -> {
      Table table = new Table("NAME", "LIVE", "LATEST", "CHANGED", "DESCRIPTION");
      found
          .path("models")
          .forEach(it -> table.row(
              it.path("name").asText(),
              it.path("live_version").asText(),
              it.path("latest_version").asText(),
              Table.ago(it.path("updated_at").asText()),
              brief(it.path("description").asText())));
      table.print();
      Pages.more(found, found.path("models").size());
    });
    return 0;
  }

  private static String brief(String text) {
    return text.length() <= 50 ? text : text.substring(0, 49) + "…";
  }
}
