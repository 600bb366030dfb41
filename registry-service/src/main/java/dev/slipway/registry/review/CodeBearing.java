package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What a policy says to files that bear code, TorchScript and pickles among them. */
public enum CodeBearing {
  /** The check of the files is red on such a version, and required: it does not move. */
  REFUSED,
  /** The check of the files does not mind them. */
  ALLOWED;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException naming both */
  @JsonCreator
  public static CodeBearing of(String label) {
    return Arrays.stream(values())
        .filter(it -> it.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "files that bear code are 'refused' or 'allowed', not '" + label + "'"));
  }
}
