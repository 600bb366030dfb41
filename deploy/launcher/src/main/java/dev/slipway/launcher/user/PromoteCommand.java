package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.stage.Stage;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "promote",
    description = "Ask for a version's move to another stage. Answers the request to review.",
    mixinStandardHelpOptions = true)
public final class PromoteCommand implements Callable<Integer> {
  private static final Set<String> ENDED =
      Set.of("rejected", "withdrawn", "expired", "superseded", "failed");

  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME:VERSION", description = "Such as iris:3.")
  private String name;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "STAGE",
      description = "staging, production, archived or none.")
  private String stage;

  @Option(names = "-m", paramLabel = "TEXT", description = "Why.")
  private String message;

  @Option(
      names = "--wait",
      arity = "0..1",
      fallbackValue = "600",
      paramLabel = "SECONDS",
      description = "Return when it is done, or with exit code 4. Default: ${FALLBACK-VALUE}.")
  private Integer wait;

  @Override
  public Integer call() {
    Api registry = target.registry();
    VersionName version = VersionName.exact(name);
    Stage to = Stage.find(stage)
        .orElseThrow(() -> CommandFailure.usage(
            "'" + stage + "' is no stage: staging, production, archived or none"));
    Map<String, Object> body = new HashMap<>();
    body.put("version", version.number(registry));
    body.put("to", to.label());
    body.put("comment", message);
    JsonNode asked =
        registry.send("POST", VersionName.modelPath(version.model()) + "/requests", body);
    JsonNode request =
        wait == null ? asked : awaitEnd(registry, asked.path("id").asLong());
    target.print(request, () -> Requests.print(registry, request));
    return ENDED.contains(request.path("state").asText()) ? 1 : 0;
  }

  private JsonNode awaitEnd(Api registry, long id) {
    return Watch.until(Duration.ofSeconds(wait), "request " + id + " is still open", () -> {
      JsonNode request = registry.get("/api/v1/requests/" + id);
      String state = request.path("state").asText();
      return state.equals("applied") || ENDED.contains(state) ? request : null;
    });
  }
}
