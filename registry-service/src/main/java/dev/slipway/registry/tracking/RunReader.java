package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
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
            "select " + RunRow.COLUMNS + " from run r where r.run_id = ?" + lock,
            RunRow::map,
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
    Map<Long, List<RunModel>> models = models(ids);
    return rows.stream()
        .map(row -> new Run(
            row.info(),
            metrics.getOrDefault(row.id(), List.of()),
            params.getOrDefault(row.id(), List.of()),
            tags.getOrDefault(row.id(), List.of()),
            datasets.getOrDefault(row.id(), List.of()),
            RunModel.inputs(models.getOrDefault(row.id(), List.of())),
            RunModel.outputs(models.getOrDefault(row.id(), List.of()))))
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
        row -> new KeyValue(row.text("key"), row.text("value")),
        "select run, key, value from " + table + " where run = any (?) order by run, key",
        (Object) ids);
  }

  private Map<Long, List<RunModel>> models(Object[] ids) {
    return grouped(
        row -> new RunModel(
            row.text("direction").equals("input"),
            new ModelOutput(row.text("model_id"), row.number("step"))),
        "select run, direction, model_id, step from run_model where run = any (?) order by run, id",
        (Object) ids);
  }

  /** A logged model that a run read or wrote. */
  private record RunModel(boolean input, ModelOutput model) {
    static List<String> inputs(List<RunModel> models) {
      return models.stream()
          .filter(RunModel::input)
          .map(one -> one.model().modelId())
          .toList();
    }

    static List<ModelOutput> outputs(List<RunModel> models) {
      return models.stream().filter(one -> !one.input()).map(RunModel::model).toList();
    }
  }

  private <T> Map<Long, List<T>> grouped(
      Database.RowReader<T> mapper, String sql, Object... parameters) {
    Map<Long, List<T>> groups = new HashMap<>();
    database.list(
        sql,
        row -> groups
            .computeIfAbsent(row.number("run"), id -> new ArrayList<>())
            .add(mapper.read(row)),
        parameters);
    return groups;
  }

  private Map<Long, List<DatasetInput>> datasets(Object[] ids) {
    Map<Long, Map<Long, Input>> runs = new HashMap<>();
    database.list(
        "select i.run, i.id as input, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, t.key, t.value"
            + " from dataset_input i join dataset d on d.id = i.dataset_id"
            + " left join dataset_input_tag t on t.input_id = i.id"
            + " where i.run = any (?) order by i.run, i.id, t.key",
        row -> {
          Input input = runs.computeIfAbsent(row.number("run"), id -> new LinkedHashMap<>())
              .computeIfAbsent(
                  row.number("input"), id -> new Input(new ArrayList<>(), new ArrayList<>()));
          return input.add(row);
        },
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
    boolean add(Row row) throws SQLException {
      if (dataset.isEmpty()) {
        dataset.add(new Dataset(
            row.text("name"),
            row.text("digest"),
            row.text("source_type"),
            row.text("source"),
            row.text("schema"),
            row.text("profile")));
      }
      String key = row.text("key");
      return key != null && tags.add(new KeyValue(key, row.text("value")));
    }
  }
}
