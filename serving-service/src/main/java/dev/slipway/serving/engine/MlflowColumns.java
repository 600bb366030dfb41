package dev.slipway.serving.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a model's data frame, in the order in which it was trained: from the signature in {@code MLmodel}
 * (mlflow.models.signature). The model's own input is one matrix without names, so callers who give names in another order can
 * only be understood by this.
 */
final class MlflowColumns {
  private MlflowColumns() {}

  /** Empty when there is no such file, or no columns with names in it. */
  static List<FrameColumn> in(MlmodelFile file) {
    return file.signature("inputs").map(MlflowColumns::read).orElse(List.of());
  }

  private static List<FrameColumn> read(JsonNode inputs) {
    List<FrameColumn> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode column : inputs) {
      String name = column.path("name").asText();
      String type = column.path("type").asText();
      if (name.isEmpty() || type.equals("tensor") || !names.add(name)) {
        return List.of();
      }
      boolean required = column.path("required").asBoolean(true);
      columns.add(new FrameColumn(name, FrameColumn.Type.of(type), required));
    }
    return List.copyOf(columns);
  }
}
