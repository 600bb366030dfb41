package dev.slipway.common.feed;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a version is in the feed. A version may have several roles at once. */
public enum Role {
  /** Answers requests that name no version. */
  LIVE,
  /** Warm, so that a rollback needs no download and no load. */
  STANDBY,
  /** In Staging with {@code serve_staging} on: answers requests that name it. */
  STAGED,
  /** Named by an alias, and allowed to be called by it: live, was live, or staged. */
  ALIASED,
  /** A release waits for it to be READY; it answers nobody. */
  PREPARE;

  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static Role of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
