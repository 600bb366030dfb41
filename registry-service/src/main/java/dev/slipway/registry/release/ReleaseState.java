package dev.slipway.registry.release;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a release is: waiting for the replicas, bringing the traffic over in steps, done, ended with nothing moved, or ended with
 * all traffic back where it was.
 */
public enum ReleaseState {
  PREPARING,
  STEPPING,
  LIVE,
  FAILED,
  UNDONE;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ReleaseState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
