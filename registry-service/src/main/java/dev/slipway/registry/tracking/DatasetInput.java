package dev.slipway.registry.tracking;

import java.util.List;

/** A dataset as one run used it; the tags say in what role. */
public record DatasetInput(Dataset dataset, List<KeyValue> tags) {
  /** The tag that says for what the dataset was used: training, evaluation, … */
  public static final String CONTEXT = "mlflow.data.context";

  public DatasetInput {
    tags = List.copyOf(tags);
  }
}
