package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show a model, or one version with its files and signature.",
    mixinStandardHelpOptions = true)
public final class ShowCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(paramLabel = "NAME[:VERSION]", description = "Such as iris, iris:3, iris:production.")
  private String name;

  @Option(
      names = "--inspect-again",
      description = "First have a gateway look again at a version that it could not serve.")
  private boolean inspectAgain;

  @Override
  public Integer call() {
    Api registry = target.registry();
    VersionName wanted = VersionName.of(name);
    if (wanted.which() == null) {
      JsonNode model = registry.get(VersionName.modelPath(wanted.model()));
      target.print(model, () -> fields(model));
      return 0;
    }
    String path = wanted.path(registry);
    if (inspectAgain) {
      registry.send("POST", path + "/inspect", Map.of());
    }
    JsonNode version = registry.get(path);
    target.print(version, () -> {
      fields(version);
      System.out.println();
      files(registry.get(path + "/files").path("files"));
      signature(version.path("signature"));
    });
    return 0;
  }

  private static void fields(JsonNode thing) {
    thing.properties().forEach(field -> {
      JsonNode value = field.getValue();
      String name = field.getKey().replace('_', ' ');
      if (field.getKey().equals("servable")) {
        String reason = value.path("reason").asText();
        line(name, value.path("state").asText() + (reason.isEmpty() ? "" : ": " + reason));
      } else if (value.isValueNode() && !value.asText().isEmpty()) {
        line(name, value.asText());
      } else if (field.getKey().equals("tags") || field.getKey().equals("aliases")) {
        value
            .properties()
            .forEach(one -> line(name, one.getKey() + "=" + one.getValue().asText()));
        value.forEach(one -> {
          if (value.isArray()) {
            line(name, one.asText());
          }
        });
      }
    });
  }

  private static void line(String name, String value) {
    System.out.printf("%-17s %s%n", name, value);
  }

  private static void files(JsonNode files) {
    Table table = new Table("FILE", "SIZE", "DIGEST");
    files.forEach(file -> table.row(
        file.path("path").asText(),
        Table.size(file.path("size").asLong()),
        file.path("digest").asText()));
    table.print();
  }

  private static void signature(JsonNode signature) {
    if (!signature.isObject()) {
      return;
    }
    System.out.println();
    Table table = new Table("TENSOR", "KIND", "TYPE", "SHAPE");
    for (String kind : new String[] {"inputs", "outputs"}) {
      signature
          .path(kind)
          .forEach(it -> table.row(
              it.path("name").asText(),
              kind.substring(0, kind.length() - 1),
              it.path("datatype").asText(),
              it.path("shape").toString()));
    }
    table.print();
  }
}
