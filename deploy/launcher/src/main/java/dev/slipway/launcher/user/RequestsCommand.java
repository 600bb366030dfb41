package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "requests",
    description = "List the requests, newest first.",
    mixinStandardHelpOptions = true)
public final class RequestsCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description =
          "open, approved, applied, rejected, withdrawn, expired, superseded, failed or all. Default: ${DEFAULT-VALUE}.")
  private String state = "open";

  @Option(
      names = {"-L", "--limit"},
      paramLabel = "N",
      description = "At most so many. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Override
  public Integer call() {
    String filter = state.equals("all") ? "" : "?state=" + Api.segment(state);
    JsonNode found = Pages.read(target.registry(), "/api/v1/requests" + filter, "requests", limit);
    target.print(found, () -> {
      Table table = new Table("REQUEST", "VERSION", "MOVE", "STATE", "APPROVALS", "BY", "MADE");
      found
          .path("requests")
          .forEach(it -> table.row(
              it.path("id").asText(),
              it.path("model").asText() + ":" + it.path("version").asText(),
              it.path("from").asText() + " → " + it.path("to").asText(),
              it.path("state").asText(),
              it.path("approvals_valid").asText() + "/"
                  + it.path("approvals_needed").asText(),
              it.path("requester").asText(),
              Table.ago(it.path("created_at").asText())));
      table.print();
      Pages.more(found, found.path("requests").size());
    });
    return 0;
  }
}
