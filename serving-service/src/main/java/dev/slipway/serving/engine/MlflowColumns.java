package dev.slipway.serving.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The columns of a model's data frame, in the order in which it was trained: from the signature in {@code MLmodel}
 * (mlflow.models.signature). The model's own input is one matrix without names, so callers who give names in another order can
 * only be understood by this. The file is whoever logged the model's: it is read as plain data.
 */
final class MlflowColumns {
  private static final String FILE = "MLmodel";
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  private MlflowColumns() {}

  /** Empty when there is no such file, or no columns with names in it. */
  static List<String> in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      return content.length > MAX_BYTES
          ? List.of()
          : columns(new String(content, StandardCharsets.UTF_8));
    } catch (IOException | YAMLException | StackOverflowError unreadable) {
      return List.of();
    }
  }

  private static List<String> columns(String yaml) throws JsonProcessingException {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowRecursiveKeys(false);
    Object loaded = new Yaml(new SafeConstructor(options)).load(yaml);
    if (loaded instanceof Map<?, ?> document
        && document.get("signature") instanceof Map<?, ?> signature
        && signature.get("inputs") instanceof String inputs) {
      return names(JSON.readTree(inputs));
    }
    return List.of();
  }

  private static List<String> names(JsonNode inputs) {
    List<String> names = new ArrayList<>();
    for (JsonNode column : inputs) {
      String name = column.path("name").asText();
      if (name.isEmpty() || column.path("type").asText().equals("tensor") || names.contains(name)) {
        return List.of();
      }
      names.add(name);
    }
    return List.copyOf(names);
  }
}
