package dev.slipway.registry.mlflow;

import dev.slipway.registry.tracking.Dataset;
import dev.slipway.registry.tracking.DatasetInput;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Metric;
import java.util.List;

/** Messages that stand inside several requests. */
final class Fields {
  private Fields() {}

  /** Tags or parameters: a key is required, a value is not. */
  static List<KeyValue> pairs(MlflowRequest request, String name) {
    return request.messages(name).stream()
        .map(pair -> new KeyValue(pair.requiredText("key"), pair.text("value")))
        .toList();
  }

  static Metric metric(MlflowRequest point) {
    String dataset = point.filledOrNull("dataset_name");
    String digest = point.filledOrNull("dataset_digest");
    if ((dataset == null) != (digest == null)) {
      throw MlflowException.invalid(
          "Both dataset_name and dataset_digest must be provided if one is provided");
    }
    return new Metric(
        point.requiredText("key"),
        point.requiredDecimal("value"),
        point.requiredNumber("timestamp"),
        point.number("step", 0),
        point.filledOrNull("model_id"),
        dataset,
        digest,
        null);
  }

  static DatasetInput datasetInput(MlflowRequest input) {
    Dataset dataset = input
        .message("dataset")
        .map(fields -> new Dataset(
            fields.text("name"),
            fields.text("digest"),
            fields.text("source_type"),
            fields.text("source"),
            fields.filledOrNull("schema"),
            fields.filledOrNull("profile")))
        .orElseThrow(() -> MlflowException.invalid("Dataset cannot be None"));
    return new DatasetInput(dataset, pairs(input, "tags"));
  }
}
