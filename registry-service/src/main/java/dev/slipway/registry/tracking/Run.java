package dev.slipway.registry.tracking;

import java.util.List;

/** A run with the last point of each metric, and everything else that it logged. */
public record Run(
    RunInfo info,
    List<Metric> metrics,
    List<KeyValue> params,
    List<KeyValue> tags,
    List<DatasetInput> datasetInputs,
    List<String> modelInputs,
    List<ModelOutput> modelOutputs) {
  public Run {
    metrics = List.copyOf(metrics);
    params = List.copyOf(params);
    tags = List.copyOf(tags);
    datasetInputs = List.copyOf(datasetInputs);
    modelInputs = List.copyOf(modelInputs);
    modelOutputs = List.copyOf(modelOutputs);
  }
}
