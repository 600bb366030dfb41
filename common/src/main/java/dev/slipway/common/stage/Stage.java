package dev.slipway.common.stage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The review stage of a model version, in MLflow's words ("None", "Staging", "Production", "Archived"), with the table of
 * moves inside. The table is total: every pair of stages has exactly one {@link Move}.
 */
public enum Stage {
  NONE("None"),
  STAGING("Staging"),
  PRODUCTION("Production"),
  ARCHIVED("Archived");

  /** What the table says of a pair of stages. */
  public enum Move {
    /** A person may ask for it. */
    ALLOWED,
    /** Only a rollback makes it: the version was live before. */
    ROLLBACK_ONLY,
    /** Never, under a {@code reviewed} policy. */
    REFUSED
  }

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  /** The move from this stage to {@code target}; staying where one is counts as refused. */
  public Move moveTo(Stage target) {
    return switch (this) {
      case NONE ->
        switch (target) {
          case STAGING, ARCHIVED -> Move.ALLOWED;
          case NONE, PRODUCTION -> Move.REFUSED;
        };
      case STAGING ->
        switch (target) {
          case NONE, PRODUCTION, ARCHIVED -> Move.ALLOWED;
          case STAGING -> Move.REFUSED;
        };
      case PRODUCTION ->
        switch (target) {
          case ARCHIVED -> Move.ALLOWED;
          case NONE, STAGING, PRODUCTION -> Move.REFUSED;
        };
      case ARCHIVED ->
        switch (target) {
          case STAGING -> Move.ALLOWED;
          case PRODUCTION -> Move.ROLLBACK_ONLY;
          case NONE, ARCHIVED -> Move.REFUSED;
        };
    };
  }

  /** MLflow's spelling, as it stands in every answer. */
  @JsonValue
  public String label() {
    return label;
  }

  /**
   * Reads MLflow's spelling without regard to case, as MLflow does.
   *
   * @throws IllegalArgumentException naming the four stages, when {@code text} is none of them
   */
  @JsonCreator
  public static Stage of(String text) {
    return find(text)
        .orElseThrow(
            () -> new IllegalArgumentException("Invalid stage '" + text + "': expected one of "
                + Arrays.stream(values()).map(Stage::label).collect(Collectors.joining(", "))));
  }

  /** As {@link #of}, empty when {@code text} is no stage. */
  public static Optional<Stage> find(String text) {
    return Arrays.stream(values())
        .filter(stage -> stage.label.equalsIgnoreCase(text))
        .findFirst();
  }

  @Override
  public String toString() {
    return label;
  }
}
