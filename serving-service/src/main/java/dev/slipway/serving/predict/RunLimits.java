package dev.slipway.serving.predict;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.BatchableModel;
import dev.slipway.serving.fleet.ServableHandle;
import jakarta.inject.Singleton;

/** How much of a version may run at a time: its model's settings, or else what the gateway's own say. */
@Singleton
public class RunLimits {
  private static final int MIN_CONCURRENCY = 4;

  private final PredictConfig config;
  private final int defaultConcurrency;

  RunLimits(PredictConfig config) {
    this.config = config;
    int processors = Runtime.getRuntime().availableProcessors();
    this.defaultConcurrency =
        config.maxConcurrency().orElse(Math.max(MIN_CONCURRENCY, 2 * processors));
  }

  /** Runs at the same time. */
  public int concurrency(ServingSettings settings) {
    return settings.maxConcurrency() != null ? settings.maxConcurrency() : defaultConcurrency;
  }

  /** The most rows of one run that is put together from requests; 1 when they run apart. */
  public int batchRows(ServableHandle handle) {
    boolean wanted = handle.settings().maxBatchSize() != null;
    boolean gains = handle.loaded() instanceof BatchableModel model && model.gainsByBatches();
    return wanted || gains ? Math.max(1, maxBatchSize(handle)) : 1;
  }

  /** The most rows that requests which run together may have, worth it or not; 0 when the model's rows are not independent. */
  public int maxBatchSize(ServableHandle handle) {
    if (!(handle.loaded() instanceof BatchableModel model) || !model.mayBatch()) {
      return 0;
    }
    Integer wanted = handle.settings().maxBatchSize();
    return wanted != null ? wanted : config.maxBatchSize();
  }

  Gate.Limits gate(ServingSettings settings) {
    return new Gate.Limits(
        concurrency(settings),
        settings.maxQueue() != null ? settings.maxQueue() : config.maxQueue());
  }
}
