package dev.slipway.registry.model;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.VersionView.Status;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Model versions: create, find, list, change, delete; and the moves that review and release decide. */
@ApplicationScoped
@Transactional
public class Versions {
  private static final Servable UNKNOWN = new Servable(Servable.State.UNKNOWN, null);

  private final ModelRepository models;
  private final VersionRepository versions;
  private final AuditLog audit;
  private final Clock clock;
  private final Event<FeedRelevantChange> feedChanges;
  private final Event<VersionReady> ready;
  private final Instance<DeletionGuard> guards;

  Versions(
      ModelRepository models,
      VersionRepository versions,
      AuditLog audit,
      Clock clock,
      Event<FeedRelevantChange> feedChanges,
      Event<VersionReady> ready,
      @Any Instance<DeletionGuard> guards) {
    this.models = models;
    this.versions = versions;
    this.audit = audit;
    this.clock = clock;
    this.feedChanges = feedChanges;
    this.ready = ready;
    this.guards = guards;
  }

  /** What a new version is made with; null where nothing is said. */
  public record NewVersion(
      String description, String source, String runId, String runLink, Map<String, String> tags) {
    public NewVersion {
      tags = tags == null ? Map.of() : Map.copyOf(tags);
    }
  }

  /** Creates the next version, {@code PENDING_REGISTRATION} and without files. */
  public VersionView create(Caller actor, String model, NewVersion wanted) {
    return VersionRepository.viewOfNew(
        created(actor, model, wanted, Status.PENDING_REGISTRATION, UNKNOWN));
  }

  /** As {@link #create}, of a version that will never have files here: {@code READY} at once, and not served, for that reason. */
  public VersionView createWithoutFiles(
      Caller actor, String model, NewVersion wanted, String whyNotServed) {
    VersionEntity entity =
        created(actor, model, wanted, Status.READY, new Servable(Servable.State.NO, whyNotServed));
    auditCompletion(actor, entity, 0);
    return VersionRepository.viewOfNew(entity);
  }

  private VersionEntity created(
      Caller actor, String model, NewVersion wanted, Status status, Servable servable) {
    ModelRules.description(wanted.description());
    ModelRules.tags(wanted.tags());
    audit.prepare();
    Instant now = clock.instant();
    ModelEntity owner = models.takeNumber(model, now);
    var entity = new VersionEntity();
    entity.model = owner;
    entity.number = owner.nextVersion - 1;
    entity.status = status.name();
    say(entity, servable);
    entity.description = wanted.description();
    entity.source = wanted.source();
    entity.runId = wanted.runId();
    entity.runLink = wanted.runLink();
    entity.createdBy = actor.name();
    entity.createdAt = now;
    entity.updatedAt = now;
    entity.tags.putAll(wanted.tags());
    versions.persist(entity);
    Map<String, Object> after = new HashMap<>();
    after.put("source", wanted.source());
    after.put("run_id", wanted.runId());
    audit.append(actor, "version.create", path(entity), null, null, after);
    return entity;
  }

  /** A version that this transaction created, with the revision that it has when it commits. */
  @Transactional(Transactional.TxType.MANDATORY)
  public VersionView written(long id) {
    versions.flush();
    return VersionRepository.viewOfNew(versions.require(id));
  }

  public VersionView get(String model, int number) {
    return VersionRepository.view(versions.require(model, number));
  }

  /** Empty where there is no such version, or is none any more. */
  public Optional<VersionView> find(String model, int number) {
    return versions.search(model, number).map(VersionRepository::view);
  }

  public VersionView get(long id) {
    return VersionRepository.view(versions.require(id));
  }

  public Optional<VersionView> find(long id) {
    return versions.findByIdOptional(id).map(VersionRepository::view);
  }

  /** @throws NotFound when the alias is not there */
  public VersionView getByAlias(String model, String alias) {
    Long id = models.require(model).aliases.get(alias);
    if (id == null) {
      throw new NotFound("alias-not-found", "model '" + model + "' has no alias '" + alias + "'")
          .with("model", model)
          .with("alias", alias);
    }
    return get(id);
  }

  /**
   * Versions of a model, newest first.
   *
   * @param stage null for any
   * @param before the lowest number of the page before; null for the first page
   */
  public Page<VersionView> list(String model, Stage stage, int limit, Integer before) {
    models.require(model);
    var where =
        new StringBuilder("from VersionEntity v join fetch v.model where v.model.name = :model");
    Map<String, Object> parameters = new HashMap<>(Map.of("model", model));
    if (stage != null) {
      where.append(" and v.stage = :stage");
      parameters.put("stage", stage.label());
    }
    if (before != null) {
      where.append(" and v.number < :before");
      parameters.put("before", before);
    }
    List<VersionEntity> rows = new ArrayList<>(versions
        .find(where + " order by v.number desc", parameters)
        .page(0, limit + 1)
        .list());
    boolean more = rows.size() > limit;
    if (more) {
      rows.removeLast();
    }
    return new Page<>(versions.views(rows), more ? String.valueOf(rows.getLast().number) : null);
  }

  /** Changes the description; null leaves it as it is. */
  public VersionView update(
      Caller actor, String model, int number, String description, Long expected) {
    ModelRules.description(description);
    models.requireLocked(model);
    VersionEntity entity = versions.require(model, number);
    Models.expectRevision(expected, entity.rowVersion);
    if (description == null) {
      return VersionRepository.view(entity);
    }
    String before = entity.description;
    entity.description = description;
    touch(entity);
    versions.flush();
    audit.append(
        actor,
        "version.update",
        path(entity),
        entity.digest,
        Models.tag("description", before),
        Models.tag("description", description));
    return VersionRepository.view(entity);
  }

  public void setTag(Caller actor, String model, int number, String key, String value) {
    ModelRules.tag(key, value);
    models.requireLocked(model);
    VersionEntity entity = versions.require(model, number);
    String before = entity.tags.put(key, value);
    audit.append(
        actor,
        "version.tag",
        path(entity),
        entity.digest,
        Models.tag(key, before),
        Models.tag(key, value));
  }

  public void deleteTag(Caller actor, String model, int number, String key) {
    models.requireLocked(model);
    VersionEntity entity = versions.require(model, number);
    String before = entity.tags.remove(key);
    if (before != null) {
      audit.append(
          actor, "version.tag", path(entity), entity.digest, Models.tag(key, before), null);
    }
  }

  /** Deletes a version that is not live and that no feature needs. */
  public void delete(Caller actor, String model, int number, Long expected) {
    ModelEntity owner = models.requireLocked(model);
    VersionEntity entity = versions.require(model, number);
    Models.expectRevision(expected, entity.rowVersion);
    VersionView held = VersionRepository.view(entity);
    guards.forEach(guard -> guard.letGoOf(actor, held));
    versions.readAgain(owner, entity);
    VersionView view = VersionRepository.view(entity);
    if (view.live()) {
      throw new Conflict(
              "version-live",
              "version " + number + " of '" + model + "' is live: retire it or roll back first")
          .with("model", model)
          .with("version", number);
    }
    guards.forEach(guard -> guard.checkVersion(actor, view));
    guards.forEach(guard -> guard.versionDeleted(entity.id));
    owner.aliases.values().removeIf(entity.id::equals);
    owner.updatedAt = clock.instant();
    versions.flush();
    versions.delete(entity);
    versions.flush();
    audit.append(
        actor, "version.delete", path(entity), entity.digest, Map.of("stage", entity.stage), null);
    feedChanges.fire(new FeedRelevantChange(model));
  }

  /** The version's files are all there. Its owner has locked the model. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void markReady(Caller actor, long id, Digest digest, long totalSize, String format) {
    VersionEntity entity = versions.require(id);
    entity.status = Status.READY.name();
    entity.statusMessage = null;
    entity.digest = digest == null ? null : digest.value();
    entity.totalSize = digest == null ? null : totalSize;
    entity.format = format;
    touch(entity);
    auditCompletion(actor, entity, totalSize);
    if (digest != null) {
      ready.fire(new VersionReady(entity.id));
    }
  }

  private void auditCompletion(Caller actor, VersionEntity entity, long size) {
    audit.append(
        actor, "version.complete", path(entity), entity.digest, null, Map.of("size", size));
  }

  /** What a version's files say of it, in the transaction that completes it. Null leaves the signature as it is. */
  @Transactional(Transactional.TxType.MANDATORY)
  public void describe(long id, Servable servable, ModelSignature signature) {
    VersionEntity entity = versions.require(id);
    say(entity, servable);
    if (signature != null) {
      entity.signature = VersionRepository.write(signature);
    }
  }

  private static void say(VersionEntity entity, Servable servable) {
    entity.servable = servable.state().name().toLowerCase(Locale.ROOT);
    entity.servableReason = servable.reason();
  }

  private void touch(VersionEntity entity) {
    entity.updatedAt = clock.instant();
  }

  static String path(VersionEntity entity) {
    return "model/" + entity.model.name + "/version/" + entity.number;
  }
}
