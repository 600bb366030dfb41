package dev.slipway.registry.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.tensor.ModelSignature;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code MLmodel} ({@code mlflow.models.Model.to_yaml}). The file comes from whoever logged the model: it is read as plain
 * data, and what does not fit is left out rather than believed.
 */
final class MlModelReader {
  static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_DEPTH = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  private MlModelReader() {}

  /** Empty when it is no YAML mapping. */
  static Optional<MlModel> read(byte[] file) {
    return document(file).map(MlModelReader::model);
  }

  private static Optional<ObjectNode> document(byte[] file) {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowRecursiveKeys(false);
    try {
      Object loaded =
          new Yaml(new SafeConstructor(options)).load(new String(file, StandardCharsets.UTF_8));
      return JSON.valueToTree(loaded) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (YAMLException | IllegalArgumentException | StackOverflowError notReadable) {
      return Optional.empty();
    }
  }

  private static MlModel model(ObjectNode document) {
    ObjectNode raw = rawSignature(document.path("signature"));
    ModelSignature signature = null;
    String note = null;
    if (raw != null) {
      try {
        signature = SignatureReader.read(raw);
      } catch (SignatureReader.NotTensors notTensors) {
        note = notTensors.getMessage();
      }
    }
    return new MlModel(
        flavors(document.path("flavors")),
        signature,
        note,
        raw,
        text(document.path("saved_input_example_info"), "artifact_path"),
        text(document, "run_id"),
        text(document, "model_id"),
        text(document, "mlflow_version"));
  }

  private static Map<String, JsonNode> flavors(JsonNode written) {
    var flavors = new TreeMap<String, JsonNode>();
    written.properties().forEach(flavor -> flavors.put(flavor.getKey(), flavor.getValue()));
    return flavors;
  }

  /** Inputs, outputs and params are JSON texts inside the YAML. */
  private static ObjectNode rawSignature(JsonNode written) {
    ObjectNode raw = JSON.createObjectNode();
    for (String part : new String[] {"inputs", "outputs", "params"}) {
      JsonNode value = written.path(part);
      if (value.isTextual()) {
        try {
          raw.set(part, JSON.readTree(value.textValue()));
        } catch (JsonProcessingException notJson) {
          return null;
        }
      } else if (value.isArray()) {
        raw.set(part, value);
      }
    }
    return raw.isEmpty() ? null : raw;
  }

  private static String text(JsonNode from, String name) {
    JsonNode value = from.path(name);
    return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
  }
}
