package dev.slipway.registry.tracking;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads runs with all that they logged: a fixed number of statements, however many runs. */
@ApplicationScoped
class RunReader {
  private final Database database;

  RunReader(Database database) {
    this.database = database;
  }

  /** The row of a run, deleted or not. */
  RunRow row(String runId) {
    return row(runId, "");
  }

  /** The row, locked against deletion until the transaction ends. */
  RunRow lockedRow(String runId) {
    return row(runId, " for key share");
  }

  private RunRow row(String runId, String lock) {
    return database
        .first(
            RunRow::map,
            "select " + RunRow.COLUMNS + " from run r where r.run_id = ?" + lock,
            runId)
        .orElseThrow(() -> Refused.notFound("Run with id=" + runId + " not found"));
  }

  List<Run> withData(List<RunRow> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Object[] ids = rows.stream().map(RunRow::id).toArray();
    Map<Long, List<Metric>> metrics = metrics(ids);
    Map<Long, List<KeyValue>> params = pairs("run_param", ids);
    Map<Long, List<KeyValue>> tags = pairs("run_tag", ids);
    Map<Long, List<DatasetInput>> datasets = datasets(ids);
    Map<Long, List<ModelOutput>> inputs = models("input", ids);
    Map<Long, List<ModelOutput>> outputs = models("output", ids);
    return rows.stream()
        .map(row -> new Run(
            row.info(),
            metrics.getOrDefault(row.id(), List.of()),
            params.getOrDefault(row.id(), List.of()),
            tags.getOrDefault(row.id(), List.of()),
            datasets.getOrDefault(row.id(), List.of()),
            inputs.getOrDefault(row.id(), List.of()).stream()
                .map(ModelOutput::modelId)
                .toList(),
            outputs.getOrDefault(row.id(), List.of())))
        .toList();
  }

  private Map<Long, List<Metric>> metrics(Object[] ids) {
    return grouped(
        MetricRow::map,
        "select run, key, value, is_nan, timestamp, step from latest_metric where run = any (?) order by run, key",
        (Object) ids);
  }

  private Map<Long, List<KeyValue>> pairs(String table, Object[] ids) {
    return grouped(
        row -> new KeyValue(row.getString("key"), row.getString("value")),
        "select run, key, value from " + table + " where run = any (?) order by run, key",
        (Object) ids);
  }

  private Map<Long, List<ModelOutput>> models(String direction, Object[] ids) {
    return grouped(
        row -> new ModelOutput(row.getString("model_id"), row.getLong("step")),
        "select run, model_id, step from run_model where run = any (?) and direction = ? order by run, id",
        ids,
        direction);
  }

  private <T> Map<Long, List<T>> grouped(
      Database.RowMapper<T> mapper, String sql, Object... parameters) {
    Map<Long, List<T>> groups = new HashMap<>();
    database.query(
        row -> groups
            .computeIfAbsent(row.getLong("run"), id -> new ArrayList<>())
            .add(mapper.map(row)),
        sql,
        parameters);
    return groups;
  }

  private Map<Long, List<DatasetInput>> datasets(Object[] ids) {
    Map<Long, Map<Long, Input>> runs = new HashMap<>();
    database.query(
        row -> {
          Input input = runs.computeIfAbsent(row.getLong("run"), id -> new LinkedHashMap<>())
              .computeIfAbsent(
                  row.getLong("input"), id -> new Input(new ArrayList<>(), new ArrayList<>()));
          return input.add(row);
        },
        "select i.run, i.id as input, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, t.key, t.value"
            + " from dataset_input i join dataset d on d.id = i.dataset_id"
            + " left join dataset_input_tag t on t.input_id = i.id"
            + " where i.run = any (?) order by i.run, i.id, t.key",
        (Object) ids);
    Map<Long, List<DatasetInput>> result = new HashMap<>();
    runs.forEach((run, inputs) -> result.put(
        run,
        inputs.values().stream()
            .map(input -> new DatasetInput(input.dataset().getFirst(), input.tags()))
            .toList()));
    return result;
  }

  /** One input while its rows, one a tag, come in. */
  private record Input(List<Dataset> dataset, List<KeyValue> tags) {
    boolean add(ResultSet row) throws SQLException {
      if (dataset.isEmpty()) {
        dataset.add(new Dataset(
            row.getString("name"),
            row.getString("digest"),
            row.getString("source_type"),
            row.getString("source"),
            row.getString("schema"),
            row.getString("profile")));
      }
      String key = row.getString("key");
      return key != null && tags.add(new KeyValue(key, row.getString("value")));
    }
  }
}
