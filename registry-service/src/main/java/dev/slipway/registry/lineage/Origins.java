package dev.slipway.registry.lineage;

import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.tracking.DatasetInput;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.LoggedModel;
import dev.slipway.registry.tracking.LoggedModels;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks up what tracking knows of runs and logged models, made-up ones included: those are simply not there. */
@ApplicationScoped
class Origins {
  private static final String CONTEXT = DatasetInput.CONTEXT;

  private final Runs runs;
  private final LoggedModels models;
  private final Experiments experiments;

  Origins(Runs runs, LoggedModels models, Experiments experiments) {
    this.runs = runs;
    this.models = models;
    this.experiments = experiments;
  }

  Optional<Run> run(String runId) {
    return runId == null || runId.isEmpty() ? Optional.empty() : known(runs::get, runId);
  }

  Optional<LoggedModel> loggedModel(String modelId) {
    return modelId == null || modelId.isEmpty() ? Optional.empty() : known(models::get, modelId);
  }

  private static <T> Optional<T> known(Function<String, T> lookup, String id) {
    try {
      return Optional.of(lookup.apply(id));
    } catch (NotFound madeUp) {
      return Optional.empty();
    }
  }

  /** What is to be kept with a version; null when neither is known. */
  Lineage.Origin of(Run run, LoggedModel model) {
    if (run == null && model == null) {
      return null;
    }
    Map<String, String> tags = run == null ? Map.of() : map(run.tags());
    Long experiment =
        run == null ? model.experimentId() : Long.valueOf(run.info().experimentId());
    return new Lineage.Origin(
        run == null ? null : run.info().name(),
        experiment.toString(),
        experiments.name(experiment).orElse(null),
        run == null ? null : run.info().userId(),
        tags.get("mlflow.source.git.commit"),
        tags.get("mlflow.source.git.branch"),
        tags.get("mlflow.source.git.repoURL"),
        tags.get("mlflow.source.name"),
        tags.get("mlflow.source.type"),
        tags.get("mlflow.project.entryPoint"),
        model == null ? null : model.name(),
        params(run, model),
        metrics(run, model),
        run == null
            ? List.of()
            : run.datasetInputs().stream().map(Origins::dataset).toList(),
        dvc(tags));
  }

  private static Map<String, String> params(Run run, LoggedModel model) {
    Map<String, String> params = run == null ? new TreeMap<>() : map(run.params());
    if (model != null) {
      params.putAll(map(model.params()));
    }
    return params;
  }

  private static Map<String, Double> metrics(Run run, LoggedModel model) {
    var metrics = new TreeMap<String, Double>();
    if (run != null) {
      run.metrics().forEach(metric -> metrics.put(metric.key(), metric.value()));
    }
    if (model != null) {
      for (Metric metric : model.metrics()) {
        metrics.put(metric.key(), metric.value());
      }
    }
    return metrics;
  }

  private static Lineage.DatasetUse dataset(DatasetInput input) {
    Map<String, String> tags = map(input.tags());
    return new Lineage.DatasetUse(
        input.dataset().name(),
        input.dataset().digest(),
        input.dataset().sourceType(),
        input.dataset().source(),
        tags.get(CONTEXT),
        tags);
  }

  private static Map<String, String> dvc(Map<String, String> tags) {
    return tags.entrySet().stream()
        .filter(tag -> tag.getKey().toLowerCase(Locale.ROOT).matches("dvc[._:/ -].*"))
        .collect(Collectors.toMap(
            Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
  }

  private static Map<String, String> map(List<KeyValue> pairs) {
    var map = new LinkedHashMap<String, String>();
    pairs.forEach(pair -> map.put(pair.key(), pair.value()));
    return map;
  }
}
