package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "versions",
    description = "List a model's versions, newest first.",
    mixinStandardHelpOptions = true)
public final class VersionsCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String model;

  @Option(
      names = {"-L", "--limit"},
      paramLabel = "N",
      description = "At most so many. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Override
  public Integer call() {
    JsonNode found = Pages.read(
        target.registry(), VersionName.modelPath(model) + "/versions", "versions", limit);
    target.print(found, () -> {
      Table table =
          new Table("VERSION", "STAGE", "LIVE", "SERVABLE", "SIZE", "BY", "MADE", "DIGEST");
      found
          .path("versions")
          .forEach(it -> table.row(
              it.path("version").asText(),
              it.path("stage").asText(),
              it.path("live").asBoolean() ? "live" : "",
              it.path("servable").path("state").asText(),
              it.has("total_size") ? Table.size(it.path("total_size").asLong()) : "",
              it.path("created_by").asText(),
              Table.ago(it.path("created_at").asText()),
              it.path("digest").asText().replaceFirst("^(sha256:.{12}).*", "$1")));
      table.print();
      Pages.more(found, found.path("versions").size());
    });
    return 0;
  }
}
