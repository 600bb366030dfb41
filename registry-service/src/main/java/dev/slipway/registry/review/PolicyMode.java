package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** Whether stages are the review (and move by the table), or labels as MLflow has them. */
public enum PolicyMode {
  REVIEWED,
  OPEN;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException naming both modes */
  @JsonCreator
  public static PolicyMode of(String label) {
    return Arrays.stream(values())
        .filter(mode -> mode.label().equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "a policy's mode is 'reviewed' or 'open', not '" + label + "'"));
  }
}
