package dev.slipway.serving.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request and the answer that its author expects, each in the JSON form of the Open Inference Protocol v2, out of the version's
 * folder {@code golden/}: a file holds one {@code {"request": …, "response": …, "rtol"?: …, "atol"?: …}}, or an array of them.
 *
 * @param name for the reader
 * @param rtol as a share of the expected value; NaN where the file says nothing
 * @param atol in the output's own unit; NaN where the file says nothing
 */
record GoldenCase(String name, JsonNode inputs, JsonNode outputs, double rtol, double atol) {
  /** Beside MLflow's input example: {@code {"outputs": […], "rtol"?: …, "atol"?: …}}, the answer to it. */
  static final String EXAMPLE_OUTPUTS = "golden_outputs.json";

  private static final long MAX_FILE = 32L << 20;
  private static final int MAX_CASES = 200;
  private static final ObjectMapper JSON = WireJson.mapper();

  /** The cases of a version, by file name. @throws MalformedGoldenException naming the file and what it lacks */
  static List<GoldenCase> in(Path version) throws MalformedGoldenException {
    Path folder = version.resolve("golden");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<GoldenCase> cases = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file :
          files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        read(file, cases);
      }
    } catch (IOException e) {
      throw new MalformedGoldenException("the golden files could not be read", e);
    }
    return cases;
  }

  /** What MLflow's input example is answered with; it has no inputs of its own. Empty when nobody said. */
  static Optional<GoldenCase> besideExample(Path version) throws MalformedGoldenException {
    Path file = version.resolve(EXAMPLE_OUTPUTS);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    JsonNode tree = tree(file, EXAMPLE_OUTPUTS);
    JsonNode outputs = tree.path("outputs");
    if (!outputs.isArray() || outputs.isEmpty()) {
      throw new MalformedGoldenException(EXAMPLE_OUTPUTS + " has no {\"outputs\": […]}", null);
    }
    return Optional.of(of(EXAMPLE_OUTPUTS, JSON.createArrayNode(), outputs, tree));
  }

  private static void read(Path file, List<GoldenCase> cases) throws MalformedGoldenException {
    String name = "golden/" + file.getFileName();
    JsonNode tree = tree(file, name);
    if (!tree.isArray()) {
      cases.add(one(name, tree));
      return;
    }
    for (int i = 0; i < tree.size(); i++) {
      cases.add(one(name + "[" + i + "]", tree.get(i)));
    }
    if (cases.size() > MAX_CASES) {
      throw new MalformedGoldenException(
          "there are more than " + MAX_CASES + " golden cases", null);
    }
  }

  private static JsonNode tree(Path file, String name) throws MalformedGoldenException {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new MalformedGoldenException(name + " is larger than 32 MiB", null);
      }
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new MalformedGoldenException(name + " is not JSON", e);
    }
  }

  private static GoldenCase one(String name, JsonNode tree) throws MalformedGoldenException {
    JsonNode inputs = tree.at("/request/inputs");
    JsonNode outputs = tree.at("/response/outputs");
    if (!inputs.isArray() || !outputs.isArray() || outputs.isEmpty()) {
      throw new MalformedGoldenException(
          name + " has no {\"request\": {\"inputs\": […]}, \"response\": {\"outputs\": […]}}",
          null);
    }
    return of(name, inputs, outputs, tree);
  }

  private static GoldenCase of(String name, JsonNode inputs, JsonNode outputs, JsonNode tree) {
    return new GoldenCase(
        name,
        inputs,
        outputs,
        tree.path("rtol").asDouble(Double.NaN),
        tree.path("atol").asDouble(Double.NaN));
  }

  /** Golden files that say nothing that can be replayed. */
  static final class MalformedGoldenException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedGoldenException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
