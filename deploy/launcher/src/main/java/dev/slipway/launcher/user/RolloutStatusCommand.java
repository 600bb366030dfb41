package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = "Show a model's latest release, gateway by gateway. Exit code 1 when it failed.",
    mixinStandardHelpOptions = true)
final class RolloutStatusCommand implements Callable<Integer> {
  private static final Set<String> FINAL = Set.of("converged", "unconfirmed", "not_heard_from");

  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String model;

  @Option(
      names = {"-w", "--watch"},
      description = "Return when it is done, or after 10 minutes with exit code 4.")
  private boolean watch;

  @Override
  public Integer call() {
    Api registry = target.registry();
    JsonNode now = latest(registry, model);
    JsonNode release = watch && !ended(now)
        ? Watch.until(
            Duration.ofMinutes(10), "the release of " + model + " is still under way", () -> {
              JsonNode latest = latest(registry, model);
              return ended(latest) ? latest : null;
            })
        : now;
    target.print(release, () -> print(release));
    return release.path("state").asText().equals("failed") ? 1 : 0;
  }

  static JsonNode latest(Api registry, String model) {
    JsonNode release = registry
        .get(VersionName.modelPath(model) + "/releases?page_size=1")
        .path("releases")
        .path(0);
    if (release.isMissingNode()) {
      throw CommandFailure.refused(model + " was never live");
    }
    return release;
  }

  private static boolean ended(JsonNode release) {
    return switch (release.path("state").asText()) {
      case "failed" -> true;
      case "live" ->
        release
            .path("replicas")
            .valueStream()
            .allMatch(it -> FINAL.contains(it.path("state").asText()));
      default -> false;
    };
  }

  static void print(JsonNode release) {
    System.out.println(
        release.path("kind").asText() + " of " + release.path("model").asText()
            + (release.has("to_version") ? " to version " + release.path("to_version") : "")
            + ": " + release.path("message").asText());
    if (release.path("replicas").isEmpty()) {
      return;
    }
    Table table = new Table("GATEWAY", "STATE", "IN FORCE AFTER", "NOTE");
    release
        .path("replicas")
        .forEach(it -> table.row(
            it.path("replica").asText(),
            it.path("state").asText().replace('_', ' '),
            it.has("converged_ms") ? it.path("converged_ms") + " ms" : "",
            it.path("message").asText()));
    table.print();
  }
}
