package dev.slipway.serving.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What the inputs of a model's MLflow signature are. Its function gets a data frame for columns and arrays for tensors, in whatever
 * form the request came (mlflow.models.utils._enforce_schema), and answers in kind.
 */
public enum SignatureKind {
  /** There is no signature: the function gets what the request's form says. */
  NONE,
  COLUMNS,
  /** Columns without names, which count by position. */
  UNNAMED_COLUMNS,
  TENSORS,
  /** A single one, without a name. */
  UNNAMED_TENSORS;

  public boolean isTensors() {
    return this == TENSORS || this == UNNAMED_TENSORS;
  }

  public boolean isColumns() {
    return this == COLUMNS || this == UNNAMED_COLUMNS;
  }

  /** Whether its inputs count by position. */
  public boolean isUnnamed() {
    return this == UNNAMED_COLUMNS || this == UNNAMED_TENSORS;
  }

  static SignatureKind in(MlmodelFile file) {
    Optional<JsonNode> first = file.signature("inputs").map(inputs -> inputs.path(0));
    return first.filter(JsonNode::isObject).map(SignatureKind::of).orElse(NONE);
  }

  private static SignatureKind of(JsonNode input) {
    boolean unnamed = input.path("name").asText().isEmpty();
    if (input.path("type").asText().equals("tensor")) {
      return unnamed ? UNNAMED_TENSORS : TENSORS;
    }
    return unnamed ? UNNAMED_COLUMNS : COLUMNS;
  }
}
