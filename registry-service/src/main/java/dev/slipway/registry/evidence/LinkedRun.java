package dev.slipway.registry.evidence;

import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.Runs;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the run behind a version logged. */
final class LinkedRun {
  private LinkedRun() {}

  /** Empty when the version names no run, or one that is not here. */
  static Optional<Run> of(Runs runs, VersionView version) {
    if (version.runId() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(runs.get(version.runId()));
    } catch (NotFound unknown) {
      return Optional.empty();
    }
  }

  /** The last value of each metric, which may be NaN. */
  static Map<String, Double> metrics(Run run) {
    var metrics = new TreeMap<String, Double>();
    for (Metric metric : run.metrics()) {
      metrics.put(metric.key(), metric.value());
    }
    return metrics;
  }

  /** The digest of each data set by its name. */
  static Map<String, String> datasets(Runs runs, VersionView version) {
    var datasets = new TreeMap<String, String>();
    of(runs, version)
        .ifPresent(run -> run.datasetInputs()
            .forEach(
                input -> datasets.put(input.dataset().name(), input.dataset().digest())));
    return datasets;
  }
}
