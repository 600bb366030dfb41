package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "copy",
    description = {
      "Copy the files that a version's s3:// source names into the registry, and wait.",
      "Run it again to wait again: a copy that runs, or was made, is not made twice."
    },
    mixinStandardHelpOptions = true)
public final class CopyCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(
      index = "0",
      paramLabel = "NAME:VERSION",
      description = "A number, latest or an alias.")
  private String name;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to wait. Default: ${DEFAULT-VALUE}; the copy goes on after it.")
  private long timeout;

  @Override
  public Integer call() {
    Api registry = target.registry();
    VersionName wanted = VersionName.exact(name);
    int number = wanted.number(registry);
    String path = VersionName.modelPath(wanted.model()) + "/versions/" + number;
    JsonNode started = registry.send("POST", path + "/copy", Map.of());
    JsonNode copy = ended(started)
        ? started
        : Watch.until(
            Duration.ofSeconds(timeout), wanted.model() + ":" + number + " is being copied", () -> {
              JsonNode now = registry.get(path + "/copy");
              return ended(now) ? now : null;
            });
    if (copy.path("state").asText().equals("failed")) {
      throw CommandFailure.refused(wanted.model() + ":" + number + " was not copied: "
          + copy.path("error").asText());
    }
    JsonNode version = registry.get(path);
    target.print(
        version,
        () -> System.out.println(wanted.model() + ":" + number + "  "
            + version.path("digest").asText() + "  "
            + Table.size(version.path("total_size").asLong())));
    return 0;
  }

  private static boolean ended(JsonNode copy) {
    return !copy.path("state").asText().equals("running");
  }
}
