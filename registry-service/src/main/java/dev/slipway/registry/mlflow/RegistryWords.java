package dev.slipway.registry.mlflow;

import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.problem.RegistryException;
import java.util.Locale;
import java.util.Map;

/** Says what the registry refuses in the words of MLflow's registry store, which its clients look for. */
final class RegistryWords {
  private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";

  private RegistryWords() {}

  /** Prompts are registered models with this tag. */
  static boolean isPrompt(Map<String, String> tags) {
    return tags.getOrDefault(PROMPT_TAG, "").equalsIgnoreCase("true");
  }

  /** A name that something has, asked for by something with these tags. */
  static MlflowException taken(ModelView existing, Map<String, String> tags) {
    String old = isPrompt(existing.tags()) ? "Prompt" : "Registered Model";
    String wanted = isPrompt(tags) ? "Prompt" : "Registered Model";
    String message = old.equals(wanted)
        ? wanted + " (name=" + existing.name() + ") already exists."
        : "Tried to create a " + wanted.toLowerCase(Locale.ROOT) + " with name '" + existing.name()
            + "', but the name is already taken by a " + old.toLowerCase(Locale.ROOT)
            + ". MLflow does not allow creating a model and a prompt with the same name.";
    return new MlflowException(ErrorCode.RESOURCE_ALREADY_EXISTS, message);
  }

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
