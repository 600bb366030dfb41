package dev.slipway.registry.tracking;

import java.util.Objects;

/** A tag or a parameter. An absent value is the empty string, as in MLflow. */
public record KeyValue(String key, String value) {
  public KeyValue {
    value = Objects.requireNonNullElse(value, "");
  }
}
