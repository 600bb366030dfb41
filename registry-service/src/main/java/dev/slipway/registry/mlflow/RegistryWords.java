package dev.slipway.registry.mlflow;

import dev.slipway.registry.problem.RegistryException;
import java.util.Map;

/** Says what the registry refuses in the words of MLflow's registry store, which its clients look for. */
final class RegistryWords {
  private RegistryWords() {}

  static MlflowException of(RegistryException refused, ErrorCode code) {
    Map<String, Object> about = refused.coordinates();
    Object model = about.get("model");
    return switch (refused.slug()) {
      case "model-not-found" ->
        new MlflowException(code, "Registered Model with name=" + model + " not found");
      case "version-not-found" ->
        about.containsKey("version")
            ? new MlflowException(
                code,
                "Model Version (name=" + model + ", version=" + about.get("version")
                    + ") not found")
            : new MlflowException(code, refused.getMessage());
      case "model-exists" ->
        new MlflowException(code, "Registered Model (name=" + model + ") already exists.");
      case "alias-not-found" ->
        MlflowException.invalid("Registered model alias " + about.get("alias") + " not found.");
      default -> new MlflowException(code, refused.getMessage());
    };
  }
}
