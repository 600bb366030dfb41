package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "gateways",
    description = "Show what each gateway should have loaded, and what it has.",
    mixinStandardHelpOptions = true)
public final class GatewaysCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Option(
      names = {"-w", "--watch"},
      description = "Show it anew whenever it changes, until interrupted.")
  private boolean watch;

  @Override
  public Integer call() {
    Api registry = target.registry();
    JsonNode found = read(registry);
    target.print(found, () -> print(found));
    if (watch) {
      follow(registry, essence(found));
    }
    return 0;
  }

  private static JsonNode read(Api registry) {
    return registry.get("/api/v1/replicas");
  }

  /** Ends when it is interrupted, or refused. */
  private void follow(Api registry, String before) {
    var eye = new Watch();
    String shown = before;
    while (true) {
      Watch.pause();
      JsonNode found = eye.look(() -> read(registry));
      if (found != null && !essence(found).equals(shown)) {
        target.print(found, () -> print(found));
        shown = essence(found);
      }
    }
  }

  /** What a change is a change of: not the counters and times. */
  private static String essence(JsonNode found) {
    StringBuilder text = new StringBuilder();
    found.path("replicas").forEach(replica -> {
      text.append(replica.path("replica"))
          .append(replica.path("connected"))
          .append(replica.path("desired"));
      replica
          .path("actual")
          .forEach(it ->
              text.append(it.path("model")).append(it.path("version")).append(it.path("state")));
    });
    return text.toString();
  }

  private static void print(JsonNode found) {
    Table table = new Table("GATEWAY", "CONNECTED", "VERSION", "DESIRED", "ACTUAL");
    for (JsonNode replica : found.path("replicas")) {
      String name = replica.path("replica").asText();
      String connected = replica.path("connected").asBoolean() ? "yes" : "no";
      if (replica.path("desired").isEmpty()) {
        table.row(name, connected, "", "", "");
      }
      for (JsonNode wanted : replica.path("desired")) {
        table.row(
            name,
            connected,
            wanted.path("model").asText() + ":" + wanted.path("version").asText(),
            wanted
                .path("roles")
                .valueStream()
                .map(JsonNode::asText)
                .toList()
                .toString()
                .replaceAll("[\\[\\]]", ""),
            actual(replica, wanted));
      }
    }
    table.print();
  }

  private static String actual(JsonNode replica, JsonNode wanted) {
    for (JsonNode loaded : replica.path("actual")) {
      if (loaded.path("digest").equals(wanted.path("digest"))
          && loaded.path("model").equals(wanted.path("model"))
          && loaded.path("version").equals(wanted.path("version"))) {
        String error = loaded.path("error").asText();
        return loaded.path("state").asText().toLowerCase(java.util.Locale.ROOT)
            + (error.isEmpty() ? "" : ": " + error);
      }
    }
    return "not loaded";
  }
}
