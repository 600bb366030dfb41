package dev.slipway.serving.predict;

import java.util.List;

/**
 * What one version has answered since it was first asked here, in the terms of Triton's statistics extension
 * (docs/protocol/extension_statistics.md). Sums only ever grow; they are read one after the other, so one may be ahead of another by
 * what was counted meanwhile.
 *
 * @param lastInference milliseconds since the epoch; 0 before the first
 * @param inferences rows that were answered; a request to a model whose requests never run together counts as one
 * @param executions runs of the model
 * @param success requests that were answered, from the last byte of each to its answer
 * @param fail requests that the version could have answered and did not: it failed, it was too slow, or there was no room
 * @param queue what requests waited for a thread, for a version on trial that failed, for others to run with, and for room
 * @param input reading requests into tensors
 * @param infer runs, counted for each request that they answered
 * @param output writing answers
 * @param batches by rows of a run, ascending; of the first 256 different numbers of rows that came
 */
public record InferenceStatistics(
    long lastInference,
    long inferences,
    long executions,
    Total success,
    Total fail,
    Total queue,
    Total input,
    Total infer,
    Total output,
    List<Batch> batches) {

  public InferenceStatistics {
    batches = List.copyOf(batches);
  }

  /** How often, and for how long in all. */
  public record Total(long count, long nanos) {}

  /** The runs of so many rows each. */
  public record Batch(int rows, Total runs) {}
}
