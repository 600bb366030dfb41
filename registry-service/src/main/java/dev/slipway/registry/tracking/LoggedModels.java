package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Creates, changes and finds logged models. An unknown one is NOT_FOUND. Deleting is soft. */
@ApplicationScoped
public class LoggedModels {
  private final Database database;
  private final LoggedModelReader reader;
  private final Experiments experiments;
  private final Clock clock;

  LoggedModels(Database database, LoggedModelReader reader, Experiments experiments, Clock clock) {
    this.database = database;
    this.reader = reader;
    this.experiments = experiments;
    this.clock = clock;
  }

  /**
   * A new logged model, PENDING until it is finalized.
   *
   * @param name null for a made-up one
   */
  @Transactional
  public LoggedModel create(
      String experimentId,
      String name,
      String modelType,
      String sourceRunId,
      List<KeyValue> params,
      List<KeyValue> tags) {
    if (name != null) {
      TrackingRules.loggedModelName(name);
    }
    Experiment experiment = experiments.requireActive(experimentId);
    String modelId = "m-" + UUID.randomUUID().toString().replace("-", "");
    long now = clock.millis();
    long id = database
        .first(
            "insert into logged_model (model_id, experiment_id, name, artifact_location, creation_time,"
                + " last_update_time, status, model_type, source_run_id)"
                + " values (?, ?, ?, ?, ?, ?, 'PENDING', ?, ?) returning id",
            row -> row.number("id"),
            modelId,
            experiment.id(),
            name == null ? RandomName.next() : name,
            ArtifactUri.ofModel(experiment.artifactLocation(), modelId),
            now,
            now,
            modelType,
            sourceRunId)
        .orElseThrow();
    writeParams(id, params);
    writeTags(id, tags);
    return reader.get(modelId);
  }

  /** The model, if it is not deleted. */
  public LoggedModel get(String modelId) {
    return get(modelId, false);
  }

  public LoggedModel get(String modelId, boolean allowDeleted) {
    return allowDeleted ? reader.getAlsoDeleted(modelId) : reader.get(modelId);
  }

  /** Says how the upload ended. */
  @Transactional
  public LoggedModel finish(String modelId, ModelStatus status) {
    touch(modelId, "status = ?", status.name());
    return reader.getAlsoDeleted(modelId);
  }

  @Transactional
  public void delete(String modelId) {
    touch(modelId, "lifecycle = ?", Lifecycle.DELETED.label());
  }

  private void touch(String modelId, String assignment, String value) {
    int rows = database.update(
        "update logged_model set last_update_time = ?, " + assignment + " where model_id = ?",
        clock.millis(),
        value,
        modelId);
    if (rows == 0) {
      throw LoggedModelReader.unknown(modelId);
    }
  }

  /** Parameters are written once; the same value again is fine. */
  @Transactional
  public void logParams(String modelId, List<KeyValue> params) {
    writeParams(reader.id(modelId), params);
  }

  @Transactional
  public void setTags(String modelId, List<KeyValue> tags) {
    writeTags(reader.id(modelId), tags);
  }

  @Transactional
  public void deleteTag(String modelId, String key) {
    if (database.update(
            "delete from logged_model_tag where model = ? and key = ?", reader.id(modelId), key)
        == 0) {
      throw Refused.notFound(
          "No tag with key '" + key + "' found for model with ID '" + modelId + "'.");
    }
  }

  /**
   * Models of the given experiments, by filter.
   *
   * @param filter see {@code SearchGrammar.LOGGED_MODELS}; may be null
   * @param datasets a metric counts only if it was measured on one of these; empty for any
   */
  public Page<LoggedModel> search(
      List<String> experimentIds,
      String filter,
      List<LoggedModelSearch.DatasetFilter> datasets,
      int maxResults,
      List<LoggedModelSearch.Order> orderBy,
      String pageToken) {
    var search =
        new LoggedModelSearch(experimentIds, filter, datasets, maxResults, orderBy, pageToken);
    return reader.page(search);
  }

  private void writeParams(long model, List<KeyValue> params) {
    if (params.isEmpty()) {
      return;
    }
    KeyValues pairs = KeyValues.lastOfEach(params);
    database.update(
        "insert into logged_model_param (model, key, value) select ?, * from unnest(?, ?) on conflict do nothing",
        model,
        pairs.keys(),
        pairs.values());
    List<String> changed = database.list(
        "select p.key from logged_model_param p join unnest(?, ?) as n (key, value) on n.key = p.key"
            + " where p.model = ? and p.value <> n.value order by p.key",
        row -> row.text("key"),
        pairs.keys(),
        pairs.values(),
        model);
    if (!changed.isEmpty()) {
      throw Refused.invalid(
          "Changing param values is not allowed. Params were already logged: " + changed);
    }
  }

  private void writeTags(long model, List<KeyValue> tags) {
    if (!tags.isEmpty()) {
      KeyValues distinct = KeyValues.lastOfEach(tags);
      database.update(
          "insert into logged_model_tag (model, key, value) select ?, * from unnest(?, ?)"
              + " on conflict (model, key) do update set value = excluded.value",
          model,
          distinct.keys(),
          distinct.values());
    }
  }
}
