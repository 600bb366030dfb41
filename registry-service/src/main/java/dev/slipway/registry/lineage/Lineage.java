package dev.slipway.registry.lineage;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Where a version comes from, as it stood when it was registered. What is not known is null or empty.
 *
 * @param storageLocation what a download reads: the source, or what the source stands for
 * @param mlModel what {@code MLmodel} says
 */
public record Lineage(
    String runId,
    String loggedModelId,
    String storageLocation,
    Origin origin,
    MlModel mlModel,
    Instant recordedAt) {

  /**
   * The run, and the logged model where there is one.
   *
   * @param gitCommit tag {@code mlflow.source.git.commit}
   * @param entryPoint tag {@code mlflow.project.entryPoint}
   * @param metrics the last value of each
   * @param dvc the run's tags that name DVC hashes
   */
  public record Origin(
      String runName,
      String experimentId,
      String experimentName,
      String userId,
      String gitCommit,
      String gitBranch,
      String gitRepository,
      String sourceName,
      String sourceType,
      String entryPoint,
      String loggedModelName,
      Map<String, String> params,
      Map<String, Double> metrics,
      List<DatasetUse> datasets,
      Map<String, String> dvc) {}

  /** A dataset that the run read. {@code context} says what for: training, evaluation, … */
  public record DatasetUse(
      String name,
      String digest,
      String sourceType,
      String source,
      String context,
      Map<String, String> tags) {}
}
