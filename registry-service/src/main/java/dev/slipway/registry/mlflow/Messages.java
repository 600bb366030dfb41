package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.registry.tracking.DatasetSummary;
import dev.slipway.registry.tracking.Experiment;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.LoggedModel;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.ModelStatus;
import dev.slipway.registry.tracking.Page;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.RunInfo;
import dev.slipway.registry.tracking.RunMetric;
import java.util.List;
import java.util.function.Function;

/**
 * The tracking messages of MLflow's {@code service.proto} as they are written: names in snake_case, absent what is unset or an
 * empty list, int64 as numbers, NaN as the string "NaN".
 */
final class Messages {
  private Messages() {}

  /** An answer that says nothing but yes. */
  @JsonInclude
  record Empty() {}

  record ExperimentMessage(
      String experimentId,
      String name,
      String artifactLocation,
      String lifecycleStage,
      long lastUpdateTime,
      long creationTime,
      List<KeyValue> tags) {
    static ExperimentMessage of(Experiment experiment) {
      return new ExperimentMessage(
          String.valueOf(experiment.id()),
          experiment.name(),
          experiment.artifactLocation(),
          experiment.lifecycle().label(),
          experiment.lastUpdateTime(),
          experiment.creationTime(),
          orNull(experiment.tags()));
    }
  }

  record ExperimentId(String experimentId) {}

  record ExperimentAnswer(ExperimentMessage experiment) {}

  record Experiments(List<ExperimentMessage> experiments, String nextPageToken) {
    static Experiments of(Page<Experiment> page) {
      return new Experiments(list(page.items(), ExperimentMessage::of), page.nextToken());
    }
  }

  record RunInfoMessage(
      String runUuid,
      String experimentId,
      String runName,
      String userId,
      String status,
      long startTime,
      Long endTime,
      String artifactUri,
      String lifecycleStage,
      String runId) {
    static RunInfoMessage of(RunInfo info) {
      return new RunInfoMessage(
          info.runId(),
          String.valueOf(info.experimentId()),
          info.name(),
          info.userId(),
          info.status().name(),
          info.startTime(),
          info.endTime(),
          info.artifactUri(),
          info.lifecycle().label(),
          info.runId());
    }
  }

  record MetricMessage(
      String key,
      double value,
      long timestamp,
      long step,
      String datasetName,
      String datasetDigest,
      String modelId,
      String runId) {
    static MetricMessage of(Metric metric) {
      return new MetricMessage(
          metric.key(),
          metric.value(),
          metric.timestamp(),
          metric.step(),
          metric.datasetName(),
          metric.datasetDigest(),
          metric.modelId(),
          metric.runId());
    }

    static MetricMessage of(RunMetric point) {
      Metric metric = point.metric();
      return new MetricMessage(
          metric.key(),
          metric.value(),
          metric.timestamp(),
          metric.step(),
          null,
          null,
          null,
          point.runId());
    }
  }

  record RunData(List<MetricMessage> metrics, List<KeyValue> params, List<KeyValue> tags) {}

  record DatasetMessage(
      String name,
      String digest,
      String sourceType,
      String source,
      String schema,
      String profile) {}

  record DatasetInputMessage(List<KeyValue> tags, DatasetMessage dataset) {
    static DatasetInputMessage of(dev.slipway.registry.tracking.DatasetInput input) {
      var dataset = input.dataset();
      return new DatasetInputMessage(
          orNull(input.tags()),
          new DatasetMessage(
              dataset.name(),
              dataset.digest(),
              dataset.sourceType(),
              dataset.source(),
              dataset.schema(),
              dataset.profile()));
    }
  }

  record ModelInput(String modelId) {}

  record RunInputs(List<DatasetInputMessage> datasetInputs, List<ModelInput> modelInputs) {}

  record RunOutputs(List<dev.slipway.registry.tracking.ModelOutput> modelOutputs) {}

  record RunMessage(RunInfoMessage info, RunData data, RunInputs inputs, RunOutputs outputs) {
    static RunMessage of(Run run) {
      return new RunMessage(
          RunInfoMessage.of(run.info()),
          new RunData(
              list(run.metrics(), MetricMessage::of), orNull(run.params()), orNull(run.tags())),
          new RunInputs(
              list(run.datasetInputs(), DatasetInputMessage::of),
              list(run.modelInputs(), ModelInput::new)),
          new RunOutputs(orNull(run.modelOutputs())));
    }
  }

  record RunAnswer(RunMessage run) {}

  record RunInfoAnswer(RunInfoMessage runInfo) {}

  record Runs(List<RunMessage> runs, String nextPageToken) {
    static Runs of(Page<Run> page) {
      return new Runs(list(page.items(), RunMessage::of), page.nextToken());
    }
  }

  record Metrics(List<MetricMessage> metrics, String nextPageToken) {}

  /** A bulk answer: the list is there even when it is empty. */
  record BulkMetrics(List<MetricMessage> metrics) {}

  record DatasetSummaryMessage(String experimentId, String name, String digest, String context) {
    static DatasetSummaryMessage of(DatasetSummary summary) {
      return new DatasetSummaryMessage(
          String.valueOf(summary.experimentId()),
          summary.name(),
          summary.digest(),
          summary.context());
    }
  }

  record DatasetSummaries(List<DatasetSummaryMessage> datasetSummaries) {}

  record LoggedModelInfo(
      String modelId,
      String experimentId,
      String name,
      long creationTimestampMs,
      long lastUpdatedTimestampMs,
      String artifactUri,
      String status,
      String modelType,
      String sourceRunId,
      String statusMessage,
      List<KeyValue> tags) {}

  record LoggedModelData(List<KeyValue> params, List<MetricMessage> metrics) {}

  record LoggedModelMessage(LoggedModelInfo info, LoggedModelData data) {
    static LoggedModelMessage of(LoggedModel model) {
      return new LoggedModelMessage(
          new LoggedModelInfo(
              model.modelId(),
              String.valueOf(model.experimentId()),
              model.name(),
              model.creationTime(),
              model.lastUpdateTime(),
              model.artifactLocation(),
              status(model.status()),
              model.modelType(),
              model.sourceRunId(),
              model.statusMessage(),
              orNull(model.tags())),
          new LoggedModelData(orNull(model.params()), list(model.metrics(), MetricMessage::of)));
    }

    static String status(ModelStatus status) {
      return switch (status) {
        case UNSPECIFIED -> "LOGGED_MODEL_STATUS_UNSPECIFIED";
        case PENDING -> "LOGGED_MODEL_PENDING";
        case READY -> "LOGGED_MODEL_READY";
        case FAILED -> "LOGGED_MODEL_UPLOAD_FAILED";
      };
    }
  }

  record LoggedModelAnswer(LoggedModelMessage model) {}

  record LoggedModels(List<LoggedModelMessage> models, String nextPageToken) {
    static LoggedModels of(Page<LoggedModel> page) {
      return new LoggedModels(list(page.items(), LoggedModelMessage::of), page.nextToken());
    }
  }

  /** The messages of {@code items}; null for none, so that an empty list is not written. */
  static <T, M> List<M> list(List<T> items, Function<T, M> message) {
    return items.isEmpty() ? null : items.stream().map(message).toList();
  }

  private static <T> List<T> orNull(List<T> items) {
    return items.isEmpty() ? null : items;
  }
}
