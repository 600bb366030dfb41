package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a request is in its life; only {@link #OPEN} takes approvals. */
public enum RequestState {
  OPEN,
  /** Everything is granted; its release is under way. */
  APPROVED,
  REJECTED,
  WITHDRAWN,
  EXPIRED,
  /** The version moved by another way. */
  SUPERSEDED,
  APPLIED,
  FAILED;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException naming the states */
  @JsonCreator
  public static RequestState of(String label) {
    return Arrays.stream(values())
        .filter(state -> state.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + label
            + "' is no state of a request: expected one of "
            + Arrays.stream(values()).map(RequestState::label).collect(Collectors.joining(", "))));
  }
}
