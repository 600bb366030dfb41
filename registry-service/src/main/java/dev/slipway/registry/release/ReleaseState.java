package dev.slipway.registry.release;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a release is: waiting for the replicas, done, or ended with nothing moved. */
public enum ReleaseState {
  PREPARING,
  LIVE,
  FAILED;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ReleaseState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
