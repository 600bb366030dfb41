package dev.slipway.registry.lineage;

import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Invalid;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Which sources are taken. No file of the registry's own machine and no path trick ever; with the strict setting, as MLflow since
 * 3.15, a source must lie in the run or logged model that the version is said to come from.
 */
@ApplicationScoped
class SourceRules {
  private static final int MAX_SOURCE = 500;

  private final Origins origins;
  private final boolean strict;

  SourceRules(
      Origins origins,
      @ConfigProperty(name = "slipway.mlflow.strict-sources", defaultValue = "false")
          boolean strict) {
    this.origins = origins;
    this.strict = strict;
  }

  /** @throws Invalid in MLflow's words */
  void check(Registrations.Wanted wanted) {
    String source = wanted.source();
    if (source.length() > MAX_SOURCE) {
      throw new Invalid(
          "invalid-source", "'source' exceeds the maximum length of " + MAX_SOURCE + " characters");
    }
    if (SourceUri.isLocal(source)) {
      throw invalid(
          source,
          "To use a local path as a model version source, the run_id request parameter has to be specified "
              + "and the local path has to be contained within the artifact directory of the run specified by the run_id.");
    }
    if (SourceUri.isRelative(source)) {
      throw invalid(
          source,
          "If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts "
              + "uri, an absolute path must be provided without relative path references present. Please provide an absolute path.");
    }
    if (strict) {
      checkBelongs(wanted);
    }
  }

  private void checkBelongs(Registrations.Wanted wanted) {
    boolean byModel = wanted.modelId() != null && !wanted.modelId().isEmpty();
    boolean belongs = switch (SourceUri.parse(wanted.source())) {
      case SourceUri.RunArtifact artifact -> !byModel && artifact.runId().equals(wanted.runId());
      case SourceUri.LoggedModelUri model -> model.modelId().equals(wanted.modelId());
      case SourceUri.ProxyArtifact artifact ->
        root(wanted, byModel)
            .map(root -> artifact.path().equals(root) || artifact.path().startsWith(root + '/'))
            .orElse(false);
      case SourceUri.RegisteredVersion _, SourceUri.Elsewhere _ -> true;
    };
    if (!belongs) {
      throw invalid(
          wanted.source(),
          "The " + (byModel ? "model_id" : "run_id")
              + " request parameter must identify the resource that contains the source.");
    }
  }

  private Optional<String> root(Registrations.Wanted wanted, boolean byModel) {
    Optional<String> location = byModel
        ? origins.loggedModel(wanted.modelId()).map(model -> model.artifactLocation())
        : origins.run(wanted.runId()).map(run -> run.info().artifactUri());
    return location.flatMap(SourceUri::proxied);
  }

  private static RegistryException invalid(String source, String why) {
    return new Invalid("invalid-source", "Invalid model version source: '" + source + "'. " + why);
  }
}
