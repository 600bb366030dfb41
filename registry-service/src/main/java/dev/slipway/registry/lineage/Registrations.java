package dev.slipway.registry.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.db.SharedCommit;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.model.Versions.NewVersion;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.LoggedModel;
import dev.slipway.registry.tracking.LoggedModels;
import dev.slipway.registry.tracking.Run;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Sources sources;
  private final SourceRules rules;
  private final Origins origins;
  private final LineageStore lineage;
  private final LoggedModels loggedModels;
  private final SharedCommit commits;

  Registrations(
      Versions versions,
      Snapshots snapshots,
      Sources sources,
      SourceRules rules,
      Origins origins,
      LineageStore lineage,
      LoggedModels loggedModels,
      SharedCommit commits) {
    this.versions = versions;
    this.snapshots = snapshots;
    this.sources = sources;
    this.rules = rules;
    this.origins = origins;
    this.lineage = lineage;
    this.loggedModels = loggedModels;
    this.commits = commits;
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

  /**
   * What is known before the version is made.
   *
   * @param places where its files may be; the first that has any counts
   * @param loggedModel null for none
   * @param origin null when nothing is known
   */
  record Draft(
      NewVersion version,
      String modelId,
      String storageLocation,
      List<Sources.Place> places,
      LoggedModel loggedModel,
      Lineage.Origin origin,
      String noFiles) {
    /** Nothing is copied, and no row of somebody else is changed. */
    boolean isRowsOnly() {
      return places.isEmpty() && loggedModel == null;
    }
  }

  /** A new version, READY at once. @throws NotFound when there is no such model, or the source names a version that is not there */
  public VersionView register(Caller actor, String model, Wanted wanted) {
    // Looked up before the version is made: others wait for its model from then on.
    Draft draft = draft(wanted);
    return draft.isRowsOnly()
        ? commits.run(model, () -> make(actor, model, draft))
        : make(actor, model, draft);
  }

  @Transactional
  Draft draft(Wanted wanted) {
    Sources.Found found;
    if (wanted.placeholder()) {
      found = Sources.Found.at(wanted.source(), List.of());
    } else {
      rules.check(wanted);
      found = sources.find(wanted.source());
    }
    String modelId = filled(wanted.modelId(), found.modelId());
    LoggedModel loggedModel = loggedModel(modelId, found.loggedModel());
    String runId = filled(
        wanted.runId(),
        filled(found.runId(), loggedModel == null ? null : loggedModel.sourceRunId()));
    return new Draft(
        new NewVersion(
            wanted.description(), found.source(), runId, wanted.runLink(), wanted.tags()),
        modelId,
        found.storageLocation(),
        found.places(),
        loggedModel,
        origins.of(run(runId, found.run()), loggedModel),
        noFiles(wanted));
  }

  @Transactional
  VersionView make(Caller actor, String model, Draft draft) {
    VersionView version = create(actor, model, draft);
    record(version, draft);
    if (draft.loggedModel() != null) {
      tell(draft.loggedModel(), version);
    }
    return versions.written(version.id());
  }

  /** No row for a version of which no more is known than its source. */
  private void record(VersionView version, Draft draft) {
    String run = draft.version().runId();
    if (filled(run, draft.modelId()) != null
        || draft.origin() != null
        || !Objects.equals(draft.storageLocation(), version.source())) {
      lineage.record(version.id(), run, draft.modelId(), draft.storageLocation(), draft.origin());
    }
  }

  private LoggedModel loggedModel(String id, LoggedModel found) {
    return found != null && found.modelId().equals(id)
        ? found
        : origins.loggedModel(id).orElse(null);
  }

  private Run run(String id, Run found) {
    return found != null && found.info().runId().equals(id)
        ? found
        : origins.run(id).orElse(null);
  }

  /** Keeps what is known of the run that a version was made with, whose files are uploaded to it. */
  @Transactional
  public void keepRun(VersionView version) {
    origins
        .run(version.runId())
        .ifPresent(run ->
            lineage.record(version.id(), version.runId(), null, null, origins.of(run, null)));
  }

  /** The version, with the files of the first place that has any. */
  private VersionView create(Caller actor, String model, Draft draft) {
    if (draft.places().isEmpty()) {
      return versions.createWithoutFiles(actor, model, draft.version(), draft.noFiles());
    }
    VersionView version = versions.create(actor, model, draft.version());
    if (draft.places().stream()
        .noneMatch(
            place -> snapshots.completeFrom(actor, version, place.owner(), place.folder()))) {
      versions.markReady(actor, version.id(), null, 0, null);
      versions.describe(version.id(), new Servable(Servable.State.NO, draft.noFiles()), null);
    }
    return version;
  }

  private static String noFiles(Wanted wanted) {
    return wanted.placeholder()
        ? "it has no files"
        : "its source " + wanted.source()
            + " cannot be read by this registry: "
            + (wanted.source().startsWith("s3://")
                ? "copy its files into the registry, or register it from a run"
                : "upload the files, or register it from a run");
  }

  private void tell(LoggedModel model, VersionView version) {
    ArrayNode known = model.tags().stream()
        .filter(tag -> tag.key().equals(VERSIONS_TAG))
        .findFirst()
        .map(tag -> list(tag.value()))
        .orElseGet(JSON::createArrayNode);
    known.addObject().put("name", version.model()).put("version", version.number());
    loggedModels.setTags(model.modelId(), List.of(new KeyValue(VERSIONS_TAG, text(known))));
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

  /** Downloads read the version's own files from here on; its source stays what it was. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void filesAreHere(long version) {
    lineage.recordStorage(version, ArtifactTree.uriOfVersion(version));
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
