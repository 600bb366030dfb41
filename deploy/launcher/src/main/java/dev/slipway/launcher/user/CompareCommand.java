package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "compare",
    description =
        "Show what differs between two versions: signature, files, size, parameters, metrics, data, code.",
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final Set<String> NOT_COMPARED =
      Set.of("model", "version", "updated_at", "inspection");

  @Mixin
  private Target target;

  @Parameters(index = "0", paramLabel = "NAME:VERSION", description = "One version.")
  private String left;

  @Parameters(
      index = "1",
      paramLabel = "[NAME:]VERSION",
      description = "The other; the name may be left out where it is the same.")
  private String right;

  @Override
  public Integer call() {
    Api registry = target.registry();
    VersionName one = VersionName.exact(left);
    VersionName other =
        right.matches(".*[:@].*") ? VersionName.exact(right) : new VersionName(one.model(), right);
    Map<String, String> before = facts(registry, one);
    Map<String, String> after = facts(registry, other);
    ObjectNode differing = JSON.createObjectNode();
    Set<String> names = new java.util.TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        differing.putObject(name).put("left", before.get(name)).put("right", after.get(name));
      }
    }
    target.print(differing, () -> {
      if (differing.isEmpty()) {
        System.out.println("nothing differs");
        return;
      }
      Table table = new Table("WHAT", left, right);
      differing
          .properties()
          .forEach(row -> table.row(
              row.getKey(),
              row.getValue().path("left").asText(""),
              row.getValue().path("right").asText("")));
      table.print();
    });
    return 0;
  }

  private static Map<String, String> facts(Api registry, VersionName name) {
    String path = name.path(registry);
    Map<String, String> facts = new TreeMap<>();
    JsonNode version = registry.get(path);
    if (!version.isObject()) {
      throw CommandFailure.refused("there is no such version: " + name);
    }
    version.properties().forEach(field -> {
      if (field.getKey().equals("signature")) {
        tensors(facts, "input ", field.getValue().path("inputs"));
        tensors(facts, "output ", field.getValue().path("outputs"));
      } else if (!NOT_COMPARED.contains(field.getKey())) {
        flatten(facts, field.getKey().replace('_', ' '), field.getValue());
      }
    });
    registry
        .get(path + "/files")
        .path("files")
        .forEach(file ->
            facts.put("file " + file.path("path").asText(), file.path("digest").asText()));
    JsonNode origin = registry.get(path + "/lineage").path("origin");
    origin
        .properties()
        .forEach(field -> flatten(
            facts, field.getKey().replaceFirst("s$", "").replace('_', ' '), field.getValue()));
    return facts;
  }

  private static void tensors(Map<String, String> facts, String kind, JsonNode tensors) {
    tensors.forEach(it -> facts.put(
        kind + it.path("name").asText(), it.path("datatype").asText() + " " + it.path("shape")));
  }

  private static void flatten(Map<String, String> facts, String name, JsonNode value) {
    if (value.isValueNode()) {
      facts.put(name, value.asText());
    } else if (value.isObject()) {
      value.properties().forEach(one -> flatten(facts, name + " " + one.getKey(), one.getValue()));
    } else if (!value.isEmpty()) {
      facts.put(name, value.toString());
    }
  }
}
