package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.launcher.client.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "checks",
    description = {
      "Show a request's checks, and which of them its policy requires.",
      "Exit code 0 when all are green, 1 when one is red, 4 when one is still awaited."
    },
    mixinStandardHelpOptions = true)
public final class ChecksCommand implements Callable<Integer> {
  private static final int RED = 1;
  private static final int AWAITED = 4;
  private static final Set<String> AWAITED_VERDICTS = Set.of("awaited", "pending", "stale");

  @Mixin
  private Target target;

  @Parameters(paramLabel = "REQUEST", description = "Its number.")
  private long id;

  @Option(
      names = {"-w", "--watch"},
      description = "Return when none is awaited any more.")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long to watch. Default: ${DEFAULT-VALUE}.")
  private long seconds;

  @Option(names = "--rerun", description = "First have those that Slipway makes itself made again.")
  private boolean rerun;

  @Option(names = "--required", description = "Only those that the policy requires.")
  private boolean requiredOnly;

  /** @param verdict "awaited" where a required one was never reported */
  private record Check(String name, String verdict, boolean required, JsonNode report) {
    boolean isAwaited() {
      return AWAITED_VERDICTS.contains(verdict);
    }
  }

  @Override
  public Integer call() {
    Api registry = target.registry();
    if (rerun) {
      registry.send("POST", "/api/v1/requests/" + id + "/checks/rerun", Map.of());
    }
    JsonNode request = watch ? settled(registry) : read(registry);
    List<Check> checks = checks(request);
    target.print(request, () -> print(registry, checks));
    return checks.stream().anyMatch(it -> it.verdict().equals("red"))
        ? RED
        : checks.stream().anyMatch(Check::isAwaited) ? AWAITED : 0;
  }

  private JsonNode read(Api registry) {
    return registry.get("/api/v1/requests/" + id);
  }

  private JsonNode settled(Api registry) {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    var eye = new Watch();
    JsonNode request = read(registry);
    while (request.path("state").asText().equals("open")
        && checks(request).stream().anyMatch(Check::isAwaited)
        && System.nanoTime() < end) {
      Watch.pause();
      JsonNode seen = eye.look(() -> read(registry));
      request = seen == null ? request : seen;
    }
    return request;
  }

  /** What was reported, and what is required and was not, by name. */
  private List<Check> checks(JsonNode request) {
    Map<String, Check> checks = new TreeMap<>();
    List<String> required = new ArrayList<>();
    request
        .path("policy")
        .path("moves")
        .path(request.path("to").asText())
        .path("checks")
        .forEach(name -> required.add(name.asText()));
    required.forEach(
        name -> checks.put(name, new Check(name, "awaited", true, MissingNode.getInstance())));
    request.path("checks").forEach(it -> {
      String name = it.path("name").asText();
      checks.put(
          name,
          new Check(
              name, it.path("verdict").asText().replace('_', ' '), required.contains(name), it));
    });
    return checks.values().stream().filter(it -> it.required() || !requiredOnly).toList();
  }

  private void print(Api registry, List<Check> checks) {
    if (checks.isEmpty()) {
      System.out.println("request " + id + " has no checks, and its policy requires none");
      return;
    }
    Table table = new Table("CHECK", "VERDICT", "REQUIRED", "SUMMARY");
    checks.forEach(it -> table.row(
        it.name(),
        it.verdict(),
        it.required() ? "yes" : "no",
        it.report().path("summary").asText()));
    table.print();
    System.out.println(registry.base() + "/requests/" + id + "#checks");
  }
}
