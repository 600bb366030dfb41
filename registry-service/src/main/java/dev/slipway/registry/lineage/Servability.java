package dev.slipway.registry.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.registry.model.VersionView.Servable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the flavors of a model say about serving it, before anyone has loaded it: that it cannot be served, and what to do about it.
 * Whether the others can, the inspection finds out.
 */
final class Servability {
  /** Flavors whose files the gateway may be able to load. */
  private static final Set<String> LOADABLE =
      Set.of("onnx", "pytorch", "tensorflow", "xgboost", "lightgbm");
  /** Formats, told by the files, that the gateway may be able to load whatever the flavors say. */
  private static final Set<String> LOADABLE_FORMATS =
      Set.of("onnx", "ort", "xgboost-ubj", "torchscript", "tensorflow-saved-model");

  /** The flavor that tells most first. */
  private static final List<String> TELLING =
      List.of("sklearn", "keras", "catboost", "spark", "h2o", "statsmodels");

  private Servability() {}

  /**
   * @param format of the files by their names; null when they do not tell
   * @return empty when nothing speaks against it
   */
  static Optional<Servable> of(MlModel model, String format) {
    Map<String, JsonNode> flavors = model.flavors();
    if (flavors.isEmpty() || (format != null && LOADABLE_FORMATS.contains(format))) {
      return Optional.empty();
    }
    if (flavors.keySet().stream().anyMatch(LOADABLE::contains)) {
      return no(pickled(flavors));
    }
    return no(
        TELLING.stream()
            .filter(flavors::containsKey)
            .findFirst()
            .or(() -> flavors.keySet().stream()
                .filter(flavor -> !flavor.equals("python_function"))
                .sorted()
                .findFirst())
            .map(flavor -> reason(flavor, flavors.get(flavor)))
            .orElse(
                "Python function (pyfunc): not served, it needs a Python process; export the model to ONNX"));
  }

  private static Optional<Servable> no(String reason) {
    return reason == null ? Optional.empty() : Optional.of(new Servable(Servable.State.NO, reason));
  }

  /** Boosters and Keras models may be logged as what only Python reads. */
  private static String pickled(Map<String, JsonNode> flavors) {
    JsonNode tensorflow = flavors.get("tensorflow");
    if (flavors.size() <= 2
        && tensorflow != null
        && tensorflow.path("model_type").asText().equals("keras")) {
      String saved = tensorflow.path("keras_save_format").asText("");
      return saved.equals("tf")
          ? null
          : "Keras file: not served; export it with model.export(...) and log the SavedModel";
    }
    JsonNode booster =
        flavors.containsKey("xgboost") ? flavors.get("xgboost") : flavors.get("lightgbm");
    String name = flavors.containsKey("xgboost") ? "xgboost" : "lightgbm";
    String file = booster == null ? "" : booster.path("data").asText();
    return file.endsWith(".pkl") || file.endsWith(".skops")
        ? name + (file.endsWith(".pkl") ? " pickle" : " skops")
            + ": not served; log the booster itself (model.get_booster() or model.booster_)"
        : null;
  }

  private static String reason(String flavor, JsonNode settings) {
    return switch (flavor) {
      case "sklearn" ->
        "sklearn " + settings.path("serialization_format").asText("pickle")
            + ": not served; export with skl2onnx";
      case "keras" ->
        "Keras file: not served; export it with model.export(...) and log the SavedModel";
      default -> flavor + ": not served; export the model to ONNX";
    };
  }
}
