package dev.slipway.registry.mlflow;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.RegistryReads;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;

/** What MLflow calls the latest versions: the highest number in each stage, not the one that moved last. */
@ApplicationScoped
class LatestVersions {
  private final RegistryReads reads;

  LatestVersions(RegistryReads reads) {
    this.reads = reads;
  }

  List<VersionView> of(ModelView model) {
    return reads.latestByStage(List.of(model.id())).get(model.id());
  }

  /** @param stages none for all */
  List<VersionView> in(ModelView model, List<Stage> stages) {
    return of(model).stream()
        .filter(version -> stages.isEmpty() || stages.contains(version.stage()))
        .toList();
  }

  /** The highest number of all. */
  VersionView highest(ModelView model) {
    return of(model).stream()
        .max(Comparator.comparingInt(VersionView::number))
        .orElseThrow(() ->
            new NotFound("no-version", "Latest version not found for model " + model.name() + "."));
  }
}
