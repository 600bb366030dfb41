package dev.slipway.registry.tracking;

import java.util.List;

/** A model as MLflow 3 logs it: a folder of its own, with parameters, tags and metrics. Times are milliseconds since the epoch. */
public record LoggedModel(
    String modelId,
    long experimentId,
    String name,
    String artifactLocation,
    long creationTime,
    long lastUpdateTime,
    ModelStatus status,
    String statusMessage,
    String modelType,
    String sourceRunId,
    List<KeyValue> params,
    List<KeyValue> tags,
    List<Metric> metrics) {
  public LoggedModel {
    params = List.copyOf(params);
    tags = List.copyOf(tags);
    metrics = List.copyOf(metrics);
  }
}
