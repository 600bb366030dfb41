package dev.slipway.registry.model;

import dev.slipway.registry.problem.RegistryException.NotFound;
import io.quarkus.hibernate.orm.panache.PanacheRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.engine.spi.EntityKey;

@ApplicationScoped
class ModelRepository implements PanacheRepository<ModelEntity> {

  ModelEntity require(String name) {
    ModelEntity entity = find("name", name).firstResult();
    if (entity == null) {
      throw NotFound.model(name);
    }
    return entity;
  }

  /** As {@link #require}, with the row locked and read afresh. */
  ModelEntity requireLocked(String name) {
    boolean maybeKnown = isAnyLoaded();
    ModelEntity entity =
        find("name", name).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    if (entity == null) {
      throw NotFound.model(name);
    }
    if (maybeKnown) {
      getEntityManager().refresh(entity);
    }
    return entity;
  }

  /**
   * As {@link #requireLocked}, with the model's next number taken: {@code nextVersion} of what it answers is the number after it. One
   * statement locks, reads and writes, for whoever makes a version of the same model waits until this transaction ends.
   */
  ModelEntity takeNumber(String name, Instant now) {
    boolean maybeKnown = isAnyLoaded();
    List<ModelEntity> found = getSession()
        .createNativeQuery("""
            update registered_model
               set next_version = next_version + 1, updated_at = :now, row_version = row_version + 1
             where name = :name
            returning *
            """, ModelEntity.class)
        .setParameter("now", now)
        .setParameter("name", name)
        .getResultList();
    if (found.isEmpty()) {
      throw NotFound.model(name);
    }
    ModelEntity entity = found.getFirst();
    if (maybeKnown) {
      getEntityManager().refresh(entity);
    }
    return entity;
  }

  /** What is loaded for the first time under its lock is fresh already. */
  private boolean isAnyLoaded() {
    return getSession().getStatistics().getEntityKeys().stream()
        .anyMatch(key -> ((EntityKey) key).getEntityName().equals(ModelEntity.class.getName()));
  }

  /** Views of these models, with a constant number of statements. */
  List<ModelView> views(List<ModelEntity> entities) {
    List<Long> ids = entities.stream().map(entity -> entity.id).toList();
    Map<Long, Integer> latest = latest(ids);
    Map<Long, Integer> numbers = numbers(entities.stream()
        .flatMap(entity -> java.util.stream.Stream.concat(
            entity.aliases.values().stream(),
            java.util.stream.Stream.of(entity.liveVersionId, entity.previousVersionId)
                .filter(java.util.Objects::nonNull)))
        .toList());
    return entities.stream().map(entity -> view(entity, latest, numbers)).toList();
  }

  ModelView view(ModelEntity entity) {
    return views(List.of(entity)).getFirst();
  }

  private Map<Long, Integer> latest(List<Long> modelIds) {
    if (modelIds.isEmpty()) {
      return Map.of();
    }
    Map<Long, Integer> latest = new HashMap<>();
    getEntityManager()
        .createQuery(
            "select v.model.id, max(v.number) from VersionEntity v where v.model.id in :ids group by v.model.id",
            Object[].class)
        .setParameter("ids", modelIds)
        .getResultList()
        .forEach(row -> latest.put((Long) row[0], (Integer) row[1]));
    return latest;
  }

  private Map<Long, Integer> numbers(Collection<Long> versionIds) {
    if (versionIds.isEmpty()) {
      return Map.of();
    }
    Map<Long, Integer> numbers = new HashMap<>();
    getEntityManager()
        .createQuery(
            "select v.id, v.number from VersionEntity v where v.id in :ids", Object[].class)
        .setParameter("ids", versionIds)
        .getResultList()
        .forEach(row -> numbers.put((Long) row[0], (Integer) row[1]));
    return numbers;
  }

  private static ModelView view(
      ModelEntity entity, Map<Long, Integer> latest, Map<Long, Integer> numbers) {
    Map<String, Integer> aliases = new java.util.TreeMap<>();
    entity.aliases.forEach((alias, version) -> aliases.put(alias, numbers.get(version)));
    return new ModelView(
        entity.id,
        entity.name,
        entity.description,
        new java.util.TreeMap<>(entity.tags),
        aliases,
        entity.createdBy,
        entity.createdAt,
        entity.updatedAt,
        entity.liveVersionId == null ? null : numbers.get(entity.liveVersionId),
        entity.previousVersionId == null ? null : numbers.get(entity.previousVersionId),
        latest.get(entity.id),
        entity.rowVersion);
  }
}
