package dev.slipway.serving.engine;

import java.util.Locale;

/**
 * A parameter that a model may be asked with beside its data, as its MLflow signature has it (mlflow.types.ParamSpec).
 *
 * @param fallback its value where a request does not give it, as JSON
 * @param vector whether it takes a list of any length; else one value
 */
public record ModelParam(String name, FrameColumn.Type type, String fallback, boolean vector) {

  @Override
  public String toString() {
    return "'" + name + "': " + type.name().toLowerCase(Locale.ROOT) + " (default: " + fallback
        + ")" + (vector ? " (shape: (-1,))" : "");
  }
}
