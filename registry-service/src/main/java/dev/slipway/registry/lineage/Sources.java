package dev.slipway.registry.lineage;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.artifact.Owner;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.tracking.LoggedModel;
import dev.slipway.registry.tracking.Run;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files that a source names, and the run and logged model behind it. */
@ApplicationScoped
class Sources {
  private final Versions versions;
  private final Origins origins;
  private final LineageStore lineage;

  Sources(Versions versions, Origins origins, LineageStore lineage) {
    this.versions = versions;
    this.origins = origins;
    this.lineage = lineage;
  }

  /** A place where files may be; the first that has any counts. */
  record Place(Owner owner, String folder) {}

  /**
   * @param source as it is to be stored
   * @param storageLocation what a download reads
   * @param places none when the source is not ours to read
   * @param run the run of that id, where it was looked up already; null otherwise
   * @param loggedModel the logged model of that id, likewise
   */
  record Found(
      String source,
      String storageLocation,
      String runId,
      String modelId,
      List<Place> places,
      Run run,
      LoggedModel loggedModel) {
    /** A source that says no more than where it is. */
    static Found at(String source, List<Place> places) {
      return new Found(source, source, null, null, places, null, null);
    }
  }

  /** @throws NotFound when it names a version or logged model that this registry does not have */
  Found find(String source) {
    return switch (SourceUri.parse(source)) {
      case SourceUri.RunArtifact artifact -> run(source, artifact);
      case SourceUri.ProxyArtifact artifact -> Found.at(source, tree(Optional.of(artifact.path())));
      case SourceUri.LoggedModelUri model -> loggedModel(source, model);
      case SourceUri.RegisteredVersion named -> version(source, named);
      case SourceUri.Elsewhere _ -> Found.at(source, List.of());
    };
  }

  private Found run(String source, SourceUri.RunArtifact artifact) {
    var places = new ArrayList<Place>();
    Optional<Run> known = origins.run(artifact.runId());
    known.ifPresent(run -> {
      places.addAll(tree(
          SourceUri.proxied(run.info().artifactUri()).map(root -> below(root, artifact.path()))));
      places.addAll(loggedUnderThatName(run, artifact.path()));
    });
    return new Found(source, source, artifact.runId(), null, places, known.orElse(null), null);
  }

  /** MLflow 3 logs a model beside its run's artifacts; {@code runs:/<id>/<name>} still finds it. */
  private List<Place> loggedUnderThatName(Run run, String path) {
    return run.modelOutputs().stream()
        .map(output -> origins.loggedModel(output.modelId()))
        .flatMap(Optional::stream)
        .filter(model -> path.equals(model.name()) || path.startsWith(model.name() + '/'))
        .flatMap(model ->
            folder(model, path.substring(Math.min(path.length(), model.name().length() + 1)))
                .stream())
        .toList();
  }

  private Found loggedModel(String source, SourceUri.LoggedModelUri uri) {
    LoggedModel model = origins
        .loggedModel(uri.modelId())
        .orElseThrow(
            () -> unreadable(source, "Logged model with ID '" + uri.modelId() + "' not found."));
    return new Found(
        source,
        model.artifactLocation(),
        model.sourceRunId(),
        model.modelId(),
        folder(model, ""),
        null,
        model);
  }

  private static List<Place> folder(LoggedModel model, String path) {
    return tree(SourceUri.proxied(model.artifactLocation()).map(root -> below(root, path)));
  }

  private Found version(String source, SourceUri.RegisteredVersion named) {
    VersionView version = resolve(source, named);
    Optional<Lineage> known = lineage.find(version.id());
    return new Found(
        "models:/" + version.model() + '/' + version.number(),
        known.map(Lineage::storageLocation).orElse(version.source()),
        version.runId(),
        known.map(Lineage::loggedModelId).orElse(null),
        version.digest() == null ? List.of() : List.of(new Place(Owner.version(version.id()), "")),
        null,
        null);
  }

  private VersionView resolve(String source, SourceUri.RegisteredVersion named) {
    if (named.number() != null) {
      return versions.get(named.model(), named.number());
    }
    if (named.alias() != null) {
      return versions.getByAlias(named.model(), named.alias());
    }
    boolean latest = named.stage().equalsIgnoreCase("latest");
    Stage stage = Stage.find(named.stage()).orElse(null);
    if (!latest && stage == null) {
      throw new Invalid("invalid-source", "Invalid model version source: '" + source + "'.");
    }
    return versions.list(named.model(), stage, 1, null).items().stream()
        .findFirst()
        .orElseThrow(() -> unreadable(
            source,
            "No versions of model with name '" + named.model() + "' and stage '" + named.stage()
                + "' found"));
  }

  private static NotFound unreadable(String source, String why) {
    return new NotFound(
        "source-not-found",
        "Unable to fetch model from model URI source artifact location '" + source + "'. Error: "
            + why);
  }

  /** The root of the whole proxy is no model's folder. */
  private static List<Place> tree(Optional<String> folder) {
    return folder.filter(path -> !path.isEmpty()).map(path -> new Place(Owner.TREE, path)).stream()
        .toList();
  }

  private static String below(String root, String path) {
    return path.isEmpty() ? root : root + '/' + path;
  }
}
