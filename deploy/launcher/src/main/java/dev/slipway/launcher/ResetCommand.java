package dev.slipway.launcher;

import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.StackState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "reset",
    description = "Empty a running local stack in place: same URLs, nothing in it.",
    mixinStandardHelpOptions = true)
final class ResetCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Mixin
  private DataOption data;

  @Option(names = "--yes", description = "Yes, throw away every model, run and file of this stack.")
  private boolean yes;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalStack stack = data.stack();
    StackState state = stack
        .state()
        .orElseThrow(() -> CommandFailure.refused(
            "nothing runs on " + stack.files().data() + "; start it with: slipway up"));
    if (!yes) {
      throw CommandFailure.usage("this throws away every model, run and file in "
          + stack.files().data() + "; if that is meant: slipway reset --yes");
    }
    HttpRequest request = HttpRequest.newBuilder(
            URI.create(state.registryUrl()).resolve("/internal/v1/reset"))
        .header(
            "X-Slipway-Service-Token",
            Files.readString(stack.files().serviceToken()).strip())
        .timeout(PATIENCE)
        .POST(HttpRequest.BodyPublishers.noBody())
        .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw CommandFailure.refused(
            "the registry answered " + answer.statusCode() + ": " + answer.body());
      }
    }
    System.out.println(
        "emptied " + stack.files().data() + "; it runs on at " + state.registryUrl());
    return 0;
  }
}
