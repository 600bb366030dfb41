package dev.slipway.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.process.Readiness;
import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.StackState;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description =
        "Say what runs: URLs, ports, process ids, database, health. Exit code 1 when nothing does.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = WireJson.mapper();

  @Mixin
  private DataOption data;

  @Option(names = "-o", paramLabel = "json", description = "The same for machines.")
  private Output output = Output.text;

  /** For whom the answer is. */
  enum Output {
    text,
    json
  }

  @Override
  public Integer call() throws IOException {
    LocalStack stack = data.stack();
    StackState state = stack.state().orElse(null);
    if (output == Output.json) {
      System.out.println(
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(stack, state)));
      return state == null ? 1 : 0;
    }
    if (state == null) {
      System.out.println("nothing runs on " + stack.files().data());
      stack
          .leftovers()
          .forEach(left -> System.out.println("  left by an earlier run: " + left.name()
              + ", process " + left.process().pid() + " (slipway up or down ends it)"));
      return 1;
    }
    System.out.println(state.phase().name().toLowerCase(java.util.Locale.ROOT)
        + (state.phase() == StackState.Phase.READY ? "" : ": " + state.message()));
    print(state);
    return 0;
  }

  /** The parts, for a person. */
  static void print(StackState state) {
    Readiness readiness = new Readiness();
    System.out.printf(
        "  registry   %s%s%n", state.registryUrl(), health(readiness, state.registryUrl()));
    System.out.printf(
        "  serving    %s%s%n", state.servingUrl(), health(readiness, state.servingUrl()));
    System.out.printf("  gRPC       %s%n", state.grpcAddress());
    System.out.printf("  database   %s, user %s%n", state.databaseUrl(), state.databaseUser());
    System.out.printf("  bytes      %s%n", state.store());
    System.out.printf("  data       %s%n", state.data());
    System.out.printf("  processes  supervisor %d", state.supervisorPid());
    for (StackState.Part part : state.parts()) {
      System.out.printf(
          ", %s %s%s",
          part.name(),
          part.pid() == null ? "down" : part.pid(),
          part.restarts() == 0 ? "" : " (started again " + part.restarts() + " times)");
    }
    System.out.println();
  }

  private static String health(Readiness readiness, String url) {
    return readiness.ready(URI.create(url)) ? "" : "   NOT READY";
  }

  private static ObjectNode json(LocalStack stack, StackState state) {
    if (state == null) {
      return JSON.createObjectNode()
          .put("phase", "DOWN")
          .put("data", stack.files().data().toString());
    }
    Readiness readiness = new Readiness();
    ObjectNode node = JSON.valueToTree(state);
    node.putObject("ready")
        .put("registry", readiness.ready(URI.create(state.registryUrl())))
        .put("serving", readiness.ready(URI.create(state.servingUrl())));
    return node;
  }
}
