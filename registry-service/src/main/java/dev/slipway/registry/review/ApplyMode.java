package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What becomes of a request that has all it needs. */
public enum ApplyMode {
  /** It makes its move with the last approval or check. */
  WHEN_COMPLETE,
  /** It waits until a person says so. */
  BY_HAND;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException naming both */
  @JsonCreator
  public static ApplyMode of(String label) {
    return Arrays.stream(values())
        .filter(mode -> mode.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "a request is applied 'when_complete' or 'by_hand', not '" + label + "'"));
  }
}
