package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "history",
    description = "Every policy that it has had, newest first: who changed it when, and to what.",
    mixinStandardHelpOptions = true)
final class PolicyHistoryCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @ArgGroup(multiplicity = "1")
  private PolicyScope scope;

  @Override
  public Integer call() {
    JsonNode found = target.registry().get(scope.path() + "/history");
    target.print(found, () -> {
      if (found.path("policies").isEmpty()) {
        System.out.println(scope.label() + " never had a policy of its own");
        return;
      }
      Table table = new Table("NUMBER", "BY", "MADE", "MODE", "NEEDS");
      found
          .path("policies")
          .forEach(it -> table.row(
              it.path("number").asText(),
              it.path("created_by").asText(),
              Table.ago(it.path("created_at").asText()),
              it.path("withdrawn").asBoolean() ? "taken away" : it.path("mode").asText(),
              it.path("withdrawn").asBoolean() ? "" : Policies.needs(it)));
      table.print();
    });
    return 0;
  }
}
