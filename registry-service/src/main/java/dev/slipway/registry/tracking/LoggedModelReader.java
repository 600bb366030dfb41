package dev.slipway.registry.tracking;

import dev.slipway.registry.problem.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads logged models with parameters, tags and metrics: four statements, however many models. */
@ApplicationScoped
class LoggedModelReader {
  static final String COLUMNS =
      "m.id, m.model_id, m.experiment_id, m.name, m.artifact_location, m.creation_time,"
          + " m.last_update_time, m.status, m.status_message, m.model_type, m.source_run_id";

  private final Database database;

  LoggedModelReader(Database database) {
    this.database = database;
  }

  static RegistryException unknown(String modelId) {
    return Refused.notFound("Logged model with ID '" + modelId + "' not found.");
  }

  LoggedModel get(String modelId) {
    return read(modelId, " and m.lifecycle = 'active'");
  }

  LoggedModel getAlsoDeleted(String modelId) {
    return read(modelId, "");
  }

  /** The internal id of a model, deleted or not. */
  long id(String modelId) {
    return database
        .first(row -> row.getLong(1), "select id from logged_model where model_id = ?", modelId)
        .orElseThrow(() -> unknown(modelId));
  }

  Page<LoggedModel> page(LoggedModelSearch search) {
    return search.run(text -> withData(database.query(Row::map, text)));
  }

  private LoggedModel read(String modelId, String condition) {
    List<Row> rows = database.query(
        Row::map,
        "select " + COLUMNS + " from logged_model m where m.model_id = ?" + condition,
        modelId);
    if (rows.isEmpty()) {
      throw unknown(modelId);
    }
    return withData(rows).getFirst();
  }

  private List<LoggedModel> withData(List<Row> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Object[] ids = rows.stream().map(Row::id).toArray();
    Map<Long, List<KeyValue>> params = pairs("logged_model_param", ids);
    Map<Long, List<KeyValue>> tags = pairs("logged_model_tag", ids);
    Map<Long, List<Metric>> metrics = new HashMap<>();
    database.query(
        row -> metrics
            .computeIfAbsent(row.getLong("model"), id -> new ArrayList<>())
            .add(metric(row)),
        "select x.*, m.model_id from logged_model_metric x join logged_model m on m.id = x.model"
            + " where x.model = any (?) order by x.model, x.key, x.timestamp, x.step",
        (Object) ids);
    return rows.stream()
        .map(row -> row.with(
            params.getOrDefault(row.id(), List.of()),
            tags.getOrDefault(row.id(), List.of()),
            metrics.getOrDefault(row.id(), List.of())))
        .toList();
  }

  private Map<Long, List<KeyValue>> pairs(String table, Object[] ids) {
    Map<Long, List<KeyValue>> pairs = new HashMap<>();
    database.query(
        row -> pairs
            .computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
            .add(new KeyValue(row.getString(2), row.getString(3))),
        "select model, key, value from " + table + " where model = any (?) order by model, key",
        (Object) ids);
    return pairs;
  }

  private static Metric metric(ResultSet row) throws SQLException {
    return new Metric(
        row.getString("key"),
        row.getDouble("value"),
        row.getLong("timestamp"),
        row.getLong("step"),
        row.getString("model_id"),
        row.getString("dataset_name"),
        row.getString("dataset_digest"),
        row.getString("run_id"));
  }

  private record Row(long id, LoggedModel model) {
    static Row map(ResultSet row) throws SQLException {
      return new Row(
          row.getLong("id"),
          new LoggedModel(
              row.getString("model_id"),
              row.getLong("experiment_id"),
              row.getString("name"),
              row.getString("artifact_location"),
              row.getLong("creation_time"),
              row.getLong("last_update_time"),
              ModelStatus.valueOf(row.getString("status")),
              row.getString("status_message"),
              row.getString("model_type"),
              row.getString("source_run_id"),
              List.of(),
              List.of(),
              List.of()));
    }

    LoggedModel with(List<KeyValue> params, List<KeyValue> tags, List<Metric> metrics) {
      return new LoggedModel(
          model.modelId(),
          model.experimentId(),
          model.name(),
          model.artifactLocation(),
          model.creationTime(),
          model.lastUpdateTime(),
          model.status(),
          model.statusMessage(),
          model.modelType(),
          model.sourceRunId(),
          params,
          tags,
          metrics);
    }
  }
}
