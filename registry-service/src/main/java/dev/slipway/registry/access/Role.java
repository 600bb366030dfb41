package dev.slipway.registry.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What a principal may do. An admin has every role. */
public enum Role {
  AUTHOR,
  REVIEWER,
  RELEASER,
  ADMIN;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException naming the roles, when {@code label} is none */
  @JsonCreator
  public static Role of(String label) {
    return Arrays.stream(values())
        .filter(role -> role.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no role '" + label
            + "': the roles are author, reviewer, releaser and admin"));
  }
}
