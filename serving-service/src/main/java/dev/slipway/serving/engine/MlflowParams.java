package dev.slipway.serving.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The parameters in the signature of {@code MLmodel} (mlflow.types.ParamSchema). */
final class MlflowParams {
  private MlflowParams() {}

  static List<ModelParam> in(MlmodelFile file) {
    return file.signature("params").map(MlflowParams::read).orElse(List.of());
  }

  /** Early versions of MLflow wrote {@code dtype} for {@code type}. */
  private static List<ModelParam> read(JsonNode schema) {
    List<ModelParam> params = new ArrayList<>();
    for (JsonNode param : schema) {
      String name = param.path("name").asText();
      String type = param.path("type").asText(param.path("dtype").asText());
      if (!name.isEmpty()) {
        params.add(new ModelParam(
            name,
            FrameColumn.Type.of(type),
            param.path("default").toString(),
            param.path("shape").isArray()));
      }
    }
    return List.copyOf(params);
  }
}
