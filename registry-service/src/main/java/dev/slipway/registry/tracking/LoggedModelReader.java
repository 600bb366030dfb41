package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.problem.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
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
        .first("select id from logged_model where model_id = ?", row -> row.number("id"), modelId)
        .orElseThrow(() -> unknown(modelId));
  }

  Page<LoggedModel> page(LoggedModelSearch search) {
    return search.run(text -> withData(text.list(database, Read::map)));
  }

  private LoggedModel read(String modelId, String condition) {
    List<Read> rows = database.list(
        "select " + COLUMNS + " from logged_model m where m.model_id = ?" + condition,
        Read::map,
        modelId);
    if (rows.isEmpty()) {
      throw unknown(modelId);
    }
    return withData(rows).getFirst();
  }

  private List<LoggedModel> withData(List<Read> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Object[] ids = rows.stream().map(Read::id).toArray();
    Map<Long, List<KeyValue>> params = pairs("logged_model_param", ids);
    Map<Long, List<KeyValue>> tags = pairs("logged_model_tag", ids);
    Map<Long, List<Metric>> metrics = new HashMap<>();
    database.list(
        "select x.*, m.model_id from logged_model_metric x join logged_model m on m.id = x.model"
            + " where x.model = any (?) order by x.model, x.key, x.timestamp, x.step",
        row -> metrics
            .computeIfAbsent(row.number("model"), id -> new ArrayList<>())
            .add(metric(row)),
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
    database.list(
        "select model, key, value from " + table + " where model = any (?) order by model, key",
        row -> pairs
            .computeIfAbsent(row.number("model"), id -> new ArrayList<>())
            .add(new KeyValue(row.text("key"), row.text("value"))),
        (Object) ids);
    return pairs;
  }

  private static Metric metric(Row row) throws SQLException {
    return new Metric(
        row.text("key"),
        row.decimal("value"),
        row.number("timestamp"),
        row.number("step"),
        row.text("model_id"),
        row.text("dataset_name"),
        row.text("dataset_digest"),
        row.text("run_id"));
  }

  private record Read(long id, LoggedModel model) {
    static Read map(Row row) throws SQLException {
      return new Read(
          row.number("id"),
          new LoggedModel(
              row.text("model_id"),
              row.number("experiment_id"),
              row.text("name"),
              row.text("artifact_location"),
              row.number("creation_time"),
              row.number("last_update_time"),
              ModelStatus.valueOf(row.text("status")),
              row.text("status_message"),
              row.text("model_type"),
              row.text("source_run_id"),
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
