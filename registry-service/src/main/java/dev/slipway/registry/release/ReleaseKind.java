package dev.slipway.registry.release;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why the live pointer moved. */
public enum ReleaseKind {
  PROMOTION,
  ROLLBACK,
  RETIRE;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ReleaseKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
