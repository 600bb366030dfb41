package dev.slipway.registry.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.artifact.Folders;
import dev.slipway.registry.artifact.Owner;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.model.Versions.NewVersion;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.LoggedModel;
import dev.slipway.registry.tracking.LoggedModels;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.Optional;

/**
 * Registers versions whose files are here already or somewhere else. Where the source can be resolved the version is a snapshot of
 * it: rows only, no bytes move, and later changes to the source do not reach it. Where it cannot, it is stored as given, and such a
 * version is never live.
 */
@ApplicationScoped
public class Registrations {
  /** The tag by which a logged model knows its versions. */
  private static final PrettyPrinter PYTHON = new DefaultPrettyPrinter(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Spacing.AFTER)
              .withObjectEntrySpacing(Spacing.AFTER)
              .withArrayValueSpacing(Spacing.AFTER))
      .withObjectIndenter(null)
      .withArrayIndenter(null);

  private static final String VERSIONS_TAG = "mlflow.modelVersions";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Versions versions;
  private final Snapshots snapshots;
  private final Folders folders;
  private final Sources sources;
  private final SourceRules rules;
  private final Origins origins;
  private final LineageStore lineage;
  private final LoggedModels loggedModels;

  Registrations(
      Versions versions,
      Snapshots snapshots,
      Folders folders,
      Sources sources,
      SourceRules rules,
      Origins origins,
      LineageStore lineage,
      LoggedModels loggedModels) {
    this.versions = versions;
    this.snapshots = snapshots;
    this.folders = folders;
    this.sources = sources;
    this.rules = rules;
    this.origins = origins;
    this.lineage = lineage;
    this.loggedModels = loggedModels;
  }

  /**
   * What to register; null where nothing is said.
   *
   * @param placeholder whether the source is only a word that stands for none (MLflow's prompts)
   */
  public record Wanted(
      String source,
      String runId,
      String modelId,
      String runLink,
      String description,
      Map<String, String> tags,
      boolean placeholder) {}

  /** A new version, READY at once. @throws NotFound when there is no such model, or the source names a version that is not there */
  @Transactional
  public VersionView register(Caller actor, String model, Wanted wanted) {
    Sources.Found found;
    if (wanted.placeholder()) {
      found = new Sources.Found(
          wanted.source(), wanted.source(), null, null, java.util.List.of(), null);
    } else {
      rules.check(wanted);
      found = sources.find(wanted.source());
    }
    String modelId = filled(wanted.modelId(), found.modelId());
    LoggedModel loggedModel = origins.loggedModel(modelId).orElse(null);
    String runId = filled(
        wanted.runId(),
        filled(found.runId(), loggedModel == null ? null : loggedModel.sourceRunId()));
    VersionView version = versions.create(
        actor,
        model,
        new NewVersion(
            wanted.description(), found.source(), runId, wanted.runLink(), wanted.tags()));
    if (!snapshot(actor, version, found)) {
      asGiven(actor, version, wanted);
    }
    lineage.record(
        version.id(),
        runId,
        modelId,
        found.storageLocation(),
        origins.of(origins.run(runId).orElse(null), loggedModel));
    if (loggedModel != null) {
      tell(loggedModel, version);
    }
    return versions.get(model, version.number());
  }

  /** Keeps what is known of the run that a version was made with, whose files are uploaded to it. */
  @Transactional
  public void keepRun(VersionView version) {
    origins
        .run(version.runId())
        .ifPresent(run ->
            lineage.record(version.id(), version.runId(), null, null, origins.of(run, null)));
  }

  private boolean snapshot(Caller actor, VersionView version, Sources.Found found) {
    for (Sources.Place place : found.places()) {
      Optional<VersionView> whole = snapshots.completeFrom(
          actor, version.model(), version.number(), place.owner(), place.folder());
      if (whole.isPresent() || oneFile(actor, version, place)) {
        return true;
      }
    }
    return false;
  }

  private boolean oneFile(Caller actor, VersionView version, Sources.Place place) {
    if (place.folder().isEmpty()) {
      return false;
    }
    return folders
        .find(place.owner(), new ArtifactPath(place.folder()))
        .map(file -> {
          String name = place.folder().substring(place.folder().lastIndexOf('/') + 1);
          folders.put(
              Owner.version(version.id()), new ArtifactPath(name), file.digest(), file.size());
          return snapshots.complete(actor, version.model(), version.number(), null, null);
        })
        .isPresent();
  }

  private void asGiven(Caller actor, VersionView version, Wanted wanted) {
    versions.markReady(actor, version.id(), null, 0, null);
    String reason = wanted.placeholder()
        ? "it has no files"
        : "its source " + wanted.source()
            + " cannot be read by this registry: upload the files, or register it from a run";
    versions.setServable(version.id(), new Servable(Servable.State.NO, reason), null, null, null);
  }

  private void tell(LoggedModel model, VersionView version) {
    ArrayNode known = model.tags().stream()
        .filter(tag -> tag.key().equals(VERSIONS_TAG))
        .findFirst()
        .map(tag -> list(tag.value()))
        .orElseGet(JSON::createArrayNode);
    known.addObject().put("name", version.model()).put("version", version.number());
    loggedModels.setTags(
        model.modelId(), java.util.List.of(new KeyValue(VERSIONS_TAG, text(known))));
  }

  /** As Python writes it, blanks included: scripts compare the text. */
  private static String text(ArrayNode list) {
    try {
      return JSON.writer(PYTHON).writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ArrayNode list(String json) {
    try {
      return JSON.readTree(json) instanceof ArrayNode array ? array : JSON.createArrayNode();
    } catch (JsonProcessingException notOurs) {
      return JSON.createArrayNode();
    }
  }

  private static String filled(String first, String otherwise) {
    return first == null || first.isEmpty() ? otherwise : first;
  }

  /** What is known of where a version comes from; empty when nothing is. @throws NotFound when there is no such version */
  @Transactional
  public Optional<Lineage> lineage(String model, int number) {
    return lineage.find(versions.get(model, number).id());
  }

  /** As {@link #lineage(String, int)} of a version that was read already. */
  @Transactional
  public Optional<Lineage> lineage(VersionView version) {
    return lineage.find(version.id());
  }

  /** What a download of the version reads. @throws NotFound when there is no such version */
  @Transactional
  public String downloadUri(String model, int number) {
    VersionView version = versions.get(model, number);
    return lineage
        .find(version.id())
        .map(Lineage::storageLocation)
        .or(() -> Optional.ofNullable(version.source()))
        .orElseGet(() -> version.digest() == null ? "" : ArtifactTree.uriOfVersion(version.id()));
  }
}
