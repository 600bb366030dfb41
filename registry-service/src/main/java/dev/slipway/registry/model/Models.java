package dev.slipway.registry.model;

import dev.slipway.common.name.ModelName;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.problem.RegistryException.AlreadyExists;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.problem.RegistryException.PreconditionFailed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.hibernate.exception.ConstraintViolationException;

/** Registered models: create, find, search, change, delete. */
@ApplicationScoped
@Transactional
public class Models {
  private final ModelRepository models;
  private final VersionRepository versions;
  private final AuditLog audit;
  private final Clock clock;
  private final Event<FeedRelevantChange> feedChanges;
  private final Instance<DeletionGuard> guards;
  private final Instance<ChangeGuard> changeGuards;
  private final Event<ModelReselected> reselected;

  Models(
      ModelRepository models,
      VersionRepository versions,
      AuditLog audit,
      Clock clock,
      Event<FeedRelevantChange> feedChanges,
      @Any Instance<DeletionGuard> guards,
      @Any Instance<ChangeGuard> changeGuards,
      Event<ModelReselected> reselected) {
    this.models = models;
    this.versions = versions;
    this.audit = audit;
    this.clock = clock;
    this.feedChanges = feedChanges;
    this.guards = guards;
    this.changeGuards = changeGuards;
    this.reselected = reselected;
  }

  /** @throws AlreadyExists when the name is taken */
  public ModelView create(
      Caller actor, ModelName name, String description, Map<String, String> tags) {
    ModelRules.description(description);
    ModelRules.tags(tags);
    var entity = new ModelEntity();
    entity.name = name.value();
    entity.description = description;
    entity.createdBy = actor.name();
    entity.createdAt = clock.instant();
    entity.updatedAt = entity.createdAt;
    entity.tags.putAll(tags);
    try {
      models.persistAndFlush(entity);
    } catch (ConstraintViolationException taken) {
      throw taken(name);
    }
    ModelView view = models.view(entity);
    changeGuards.forEach(guard -> guard.checkNew(actor, view));
    Map<String, Object> after = new HashMap<>(Map.of("tags", tags));
    after.put("description", description);
    audit.append(actor, "model.create", "model/" + name, null, null, after);
    return view;
  }

  private static RuntimeException taken(ModelName name) {
    return new AlreadyExists("model-exists", "a registered model '" + name + "' exists already")
        .with("model", name.value());
  }

  public Optional<ModelView> find(String name) {
    return models.find("name", name).firstResultOptional().map(models::view);
  }

  public ModelView get(String name) {
    return models.view(models.require(name));
  }

  /**
   * Models in name order.
   *
   * @param nameContains part of the name, any case; null for any
   * @param tags all must match
   * @param limit 1 to 1000
   * @param after the last name of the page before; null for the first
   */
  public Page<ModelView> list(
      String nameContains, Map<String, String> tags, int limit, String after) {
    var where = new StringBuilder("from ModelEntity m where 1 = 1");
    Map<String, Object> parameters = new HashMap<>();
    if (nameContains != null && !nameContains.isEmpty()) {
      where.append(" and lower(m.name) like :part escape '\\'");
      parameters.put(
          "part", "%" + escapeLike(nameContains.toLowerCase(java.util.Locale.ROOT)) + "%");
    }
    if (after != null) {
      where.append(" and m.name > :after");
      parameters.put("after", after);
    }
    int i = 0;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      where.append(" and m.tags[:key" + i + "] = :value" + i);
      parameters.put("key" + i, tag.getKey());
      parameters.put("value" + i++, tag.getValue());
    }
    List<ModelEntity> rows = new ArrayList<>(
        models.find(where + " order by m.name", parameters).page(0, limit + 1).list());
    boolean more = rows.size() > limit;
    if (more) {
      rows.removeLast();
    }
    return new Page<>(models.views(rows), more ? rows.getLast().name : null);
  }

  private static String escapeLike(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  /**
   * Changes description or name; null leaves as it is.
   *
   * @param expected the revision that the caller saw; null for any
   */
  public ModelView update(
      Caller actor, String name, String description, ModelName newName, Long expected) {
    ModelRules.description(description);
    ModelEntity entity = models.requireLocked(name);
    expectRevision(expected, entity.rowVersion);
    Map<String, Object> before = new HashMap<>();
    Map<String, Object> after = new HashMap<>();
    if (description != null) {
      before.put("description", entity.description);
      after.put("description", description);
      entity.description = description;
    }
    if (newName != null && !newName.value().equals(name)) {
      ModelView view = models.view(entity);
      guards.forEach(guard -> guard.checkRename(actor, view));
      changeGuards.forEach(guard -> guard.checkName(actor, view, newName.value()));
      before.put("name", name);
      after.put("name", newName.value());
      entity.name = newName.value();
    }
    entity.updatedAt = clock.instant();
    try {
      models.flush();
    } catch (ConstraintViolationException nameTaken) {
      throw taken(newName);
    }
    if (after.containsKey("name")) {
      versions.touchAll(entity);
    }
    audit.append(actor, "model.update", "model/" + name, null, before, after);
    if (after.containsKey("name")) {
      reselected.fire(new ModelReselected(entity.id));
    }
    feedChanges.fire(new FeedRelevantChange(entity.name));
    return models.view(entity);
  }

  static void expectRevision(Long expected, long actual) {
    if (expected != null && expected != actual) {
      throw new PreconditionFailed(
          "it has changed since you read it: read it again (it is at revision " + actual
              + ", you named " + expected + ")");
    }
  }

  /** Deletes the model with its versions, when no feature needs one of them. */
  public void delete(Caller actor, String name, Long expected) {
    ModelEntity entity = models.requireLocked(name);
    expectRevision(expected, entity.rowVersion);
    ModelView held = models.view(entity);
    guards.forEach(guard -> guard.letGoOf(actor, held));
    versions.readAgain(entity);
    ModelView view = models.view(entity);
    if (entity.liveVersionId != null) {
      throw new Conflict(
              "model-in-use",
              "version " + view.liveVersion() + " of '" + name + "' is live: retire it first")
          .with("model", name);
    }
    guards.forEach(guard -> guard.checkModel(actor, view));
    List<VersionEntity> owned = versions.list("model", entity);
    owned.forEach(version -> guards.forEach(guard -> guard.versionDeleted(version.id)));
    guards.forEach(guard -> guard.modelDeleted(entity.id));
    entity.aliases.clear();
    models.flush();
    owned.forEach(versions::delete);
    models.delete(entity);
    models.flush();
    audit.append(
        actor, "model.delete", "model/" + name, null, Map.of("versions", owned.size()), null);
    feedChanges.fire(new FeedRelevantChange(name));
  }

  public void setTag(Caller actor, String name, String key, String value) {
    ModelRules.tag(key, value);
    ModelEntity entity = locked(name, (guard, view) -> guard.checkTag(actor, view, key));
    String before = entity.tags.put(key, value);
    reselected(entity);
    audit.append(actor, "model.tag", "model/" + name, null, tag(key, before), tag(key, value));
    feedChanges.fire(new FeedRelevantChange(name));
  }

  /** Removing a tag that is not there is no error. */
  public void deleteTag(Caller actor, String name, String key) {
    ModelEntity entity = locked(name, (guard, view) -> guard.checkTag(actor, view, key));
    String before = entity.tags.remove(key);
    if (before != null) {
      reselected(entity);
      audit.append(actor, "model.tag", "model/" + name, null, tag(key, before), null);
      feedChanges.fire(new FeedRelevantChange(name));
    }
  }

  private ModelEntity locked(String name, BiConsumer<ChangeGuard, ModelView> check) {
    ModelEntity entity = models.requireLocked(name);
    ModelView view = models.view(entity);
    changeGuards.forEach(guard -> check.accept(guard, view));
    return entity;
  }

  private void reselected(ModelEntity entity) {
    models.flush();
    reselected.fire(new ModelReselected(entity.id));
  }

  static Map<String, Object> tag(String key, String value) {
    Map<String, Object> tag = new HashMap<>();
    tag.put("key", key);
    tag.put("value", value);
    return tag;
  }

  /** Moves an alias, where no feature wants that to be done in another way. */
  public void setAlias(Caller actor, String name, String alias, int number) {
    ModelEntity entity = locked(name, (guard, view) -> guard.checkAlias(actor, view, alias));
    moveAlias(actor, entity, alias, number);
  }

  /** As {@link #setAlias}, for who has decided that it may move. */
  public void moveAlias(Caller actor, String name, String alias, int number) {
    moveAlias(actor, models.requireLocked(name), alias, number);
  }

  private void moveAlias(Caller actor, ModelEntity entity, String alias, int number) {
    ModelRules.alias(alias);
    String name = entity.name;
    VersionEntity version = versions.require(name, number);
    Long before = entity.aliases.put(alias, version.id);
    audit.append(
        actor,
        "alias.set",
        "model/" + name + "/alias/" + alias,
        version.digest,
        before == null ? null : Map.of("version", versions.require(before).number),
        Map.of("version", number));
    feedChanges.fire(new FeedRelevantChange(name));
  }

  public void deleteAlias(Caller actor, String name, String alias) {
    ModelEntity entity = locked(name, (guard, view) -> guard.checkAlias(actor, view, alias));
    Long before = entity.aliases.remove(alias);
    if (before == null) {
      throw new NotFound("alias-not-found", "model '" + name + "' has no alias '" + alias + "'")
          .with("model", name)
          .with("alias", alias);
    }
    audit.append(
        actor,
        "alias.delete",
        "model/" + name + "/alias/" + alias,
        null,
        Map.of("version", versions.require(before).number),
        null);
    feedChanges.fire(new FeedRelevantChange(name));
  }
}
