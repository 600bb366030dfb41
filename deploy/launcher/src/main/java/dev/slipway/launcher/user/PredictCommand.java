package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "predict",
    description = "Ask a gateway for the model's answers.",
    mixinStandardHelpOptions = true)
public final class PredictCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(
      paramLabel = "NAME[:VERSION]",
      description = "The live version, or one that was live, by number or alias.")
  private String name;

  @Option(
      names = {"-d", "--data"},
      required = true,
      paramLabel = "@FILE|JSON",
      description =
          "@rows.json, @rows.csv with a header, @- for JSON from standard input, or JSON as it is.")
  private String data;

  @Option(
      names = "--serving",
      paramLabel = "URL",
      description = "The gateway. Default: SLIPWAY_SERVING_URL, the login's, the local stack's.")
  private String serving;

  @Override
  public Integer call() throws IOException {
    VersionName wanted = VersionName.of(name);
    Api gateway = target.serving(serving);
    String path = "/models/" + Api.segment(wanted.model())
        + (isLive(wanted) ? "" : "/versions/" + Api.segment(wanted.which())) + "/predict";
    boolean csv = data.startsWith("@") && data.toLowerCase(Locale.ROOT).endsWith(".csv");
    JsonNode answer = gateway.send("POST", path, csv ? "text/csv" : "application/json", read());
    target.print(answer, () -> {
      System.out.println(
          answer.path("model").asText() + ":" + answer.path("version").asText());
      answer
          .path("outputs")
          .properties()
          .forEach(output -> System.out.println("  " + output.getKey() + "  " + output.getValue()));
    });
    return 0;
  }

  private static boolean isLive(VersionName wanted) {
    return wanted.which() == null
        || wanted.which().equals("production")
        || wanted.which().equals("live");
  }

  private String read() throws IOException {
    if (!data.startsWith("@")) {
      return data;
    }
    if (data.equals("@-")) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Path file = Path.of(data.substring(1));
    if (!Files.isReadable(file)) {
      throw CommandFailure.usage("there is no file " + file);
    }
    return Files.readString(file);
  }
}
