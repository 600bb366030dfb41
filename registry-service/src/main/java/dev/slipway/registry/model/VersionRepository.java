package dev.slipway.registry.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.VersionView.Status;
import dev.slipway.registry.problem.RegistryException.NotFound;
import io.quarkus.hibernate.orm.panache.PanacheRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

@ApplicationScoped
class VersionRepository implements PanacheRepository<VersionEntity> {
  private static final ObjectMapper JSON = WireJson.mapper();

  Optional<VersionEntity> search(String model, int number) {
    return find(
            "from VersionEntity v join fetch v.model where v.model.name = ?1 and v.number = ?2",
            model,
            number)
        .firstResultOptional();
  }

  VersionEntity require(String model, int number) {
    VersionEntity entity = search(model, number).orElse(null);
    if (entity == null) {
      if (getEntityManager()
          .createQuery("select 1 from ModelEntity m where m.name = :name", Integer.class)
          .setParameter("name", model)
          .getResultList()
          .isEmpty()) {
        throw NotFound.model(model);
      }
      throw NotFound.version(model, number);
    }
    return entity;
  }

  VersionEntity require(long id) {
    VersionEntity entity = findById(id);
    if (entity == null) {
      throw new NotFound("version-not-found", "the version is gone");
    }
    return entity;
  }

  /** Null leaves a value as it is. Past the row's revision, which guards what people change. */
  void setServable(long id, Servable servable, String format, String signature, String inspection) {
    int found = getSession()
        .createNativeMutationQuery("""
            update model_version set servable = :servable, servable_reason = :reason,
                   format = coalesce(:format, format), signature = coalesce(cast(:signature as jsonb), signature),
                   inspection = coalesce(cast(:inspection as jsonb), inspection)
             where id = :id
            """)
        .setParameter("servable", servable.state().name().toLowerCase(Locale.ROOT))
        .setParameter("reason", servable.reason(), String.class)
        .setParameter("format", format, String.class)
        .setParameter("signature", signature, String.class)
        .setParameter("inspection", inspection, String.class)
        .setParameter("id", id)
        .executeUpdate();
    if (found == 0) {
      throw new NotFound("version-not-found", "the version is gone");
    }
    // Who changes it in this transaction goes on with what stands there now.
    getEntityManager().refresh(require(id));
  }

  /** For MLflow's clients another name of the model is an update of each version. */
  void touchAll(ModelEntity model) {
    update(
        "update versioned VersionEntity v set v.updatedAt = ?1 where v.model = ?2",
        model.updatedAt,
        model);
  }

  /** Takes up what others wrote past the entities in this transaction. */
  void readAgain(Object... entities) {
    for (Object entity : entities) {
      getEntityManager().refresh(entity);
    }
  }

  List<VersionView> views(List<VersionEntity> entities) {
    return entities.stream().map(VersionRepository::view).toList();
  }

  static VersionView view(VersionEntity entity) {
    return view(
        entity,
        entity.model.aliases.entrySet().stream()
            .filter(alias -> alias.getValue().equals(entity.id))
            .map(Map.Entry::getKey)
            .sorted()
            .toList());
  }

  /** A version that this transaction made: no alias names it yet. */
  static VersionView viewOfNew(VersionEntity entity) {
    return view(entity, List.of());
  }

  private static VersionView view(VersionEntity entity, List<String> aliases) {
    return new VersionView(
        entity.id,
        entity.model.id,
        entity.model.name,
        entity.number,
        Stage.of(entity.stage),
        Status.valueOf(entity.status),
        entity.statusMessage,
        new Servable(
            Servable.State.valueOf(entity.servable.toUpperCase(Locale.ROOT)),
            entity.servableReason),
        entity.id.equals(entity.model.liveVersionId),
        entity.digest == null ? null : new Digest(entity.digest),
        entity.totalSize,
        entity.format,
        read(entity.signature, ModelSignature.class),
        read(entity.inspection, JsonNode.class),
        entity.description,
        new java.util.TreeMap<>(entity.tags),
        aliases,
        entity.source,
        entity.runId,
        entity.runLink,
        entity.createdBy,
        entity.createdAt,
        entity.updatedAt,
        entity.firstLiveAt != null,
        entity.rowVersion);
  }

  static String write(Object value) {
    try {
      return value == null ? null : JSON.writeValueAsString(value);
    } catch (JsonProcessingException cause) {
      throw new IllegalArgumentException("a value that JSON cannot hold", cause);
    }
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return json == null ? null : JSON.readValue(json, type);
    } catch (JsonProcessingException cause) {
      throw new IllegalStateException("the database gave back broken JSON", cause);
    }
  }
}
