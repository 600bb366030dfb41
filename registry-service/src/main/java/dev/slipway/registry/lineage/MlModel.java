package dev.slipway.registry.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.ModelSignature;
import java.util.Map;

/**
 * What a model's {@code MLmodel} file says of it.
 *
 * @param flavors the ways to load it, by name
 * @param signature null when there is none, or none that tensors can express
 * @param signatureNote why there is a signature and yet none here; null otherwise
 * @param rawSignature the signature as it is written, with parameters; null when there is none
 * @param inputExample the file of the input example, relative to the model's folder; null when there is none
 */
public record MlModel(
    Map<String, JsonNode> flavors,
    ModelSignature signature,
    String signatureNote,
    JsonNode rawSignature,
    String inputExample,
    String runId,
    String modelId,
    String mlflowVersion) {
  public static final String FILE = "MLmodel";

  public MlModel {
    flavors = Map.copyOf(flavors);
  }
}
