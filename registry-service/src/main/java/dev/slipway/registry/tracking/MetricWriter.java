package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Writes any number of points with one statement for the history and the latest values, and two for logged models. */
@ApplicationScoped
class MetricWriter {
  private static final Comparator<Metric> BY_AGE = Comparator.comparingLong(Metric::step)
      .thenComparingLong(Metric::timestamp)
      .thenComparingDouble(Metric::storedValue);

  private static final String WRITE = """
      with history as (
        insert into metric (run, key, timestamp, step, value, is_nan)
        select ?, * from unnest(?, ?, ?, ?, ?) on conflict do nothing)
      insert into latest_metric as old (run, key, timestamp, step, value, is_nan)
      select ?, * from unnest(?, ?, ?, ?, ?)
      on conflict (run, key) do update set timestamp = excluded.timestamp, step = excluded.step,
             value = excluded.value, is_nan = excluded.is_nan
       where (excluded.step, excluded.timestamp, excluded.value) > (old.step, old.timestamp, old.value)
      """;

  private final Database database;

  MetricWriter(Database database) {
    this.database = database;
  }

  void write(RunRow run, List<Metric> points) {
    if (points.isEmpty()) {
      return;
    }
    Columns latest = Columns.of(List.copyOf(latestOfEach(points).values()));
    database.update(
        WRITE,
        Stream.of(Columns.of(points), latest)
            .flatMap(columns -> Arrays.stream(columns.after(run.id())))
            .toArray());
    writeForModels(run, points.stream().filter(point -> point.modelId() != null).toList());
  }

  /** Sorted by key: all writers lock the rows of the latest values in one order. */
  private static Map<String, Metric> latestOfEach(List<Metric> points) {
    Map<String, Metric> latest = new TreeMap<>();
    for (Metric point : points) {
      latest.merge(point.key(), point, (a, b) -> BY_AGE.compare(b, a) > 0 ? b : a);
    }
    return latest;
  }

  private void writeForModels(RunRow run, List<Metric> points) {
    if (points.isEmpty()) {
      return;
    }
    List<String> unknown = database.list(
        "select distinct n.id from unnest(?) as n (id)"
            + " where not exists (select 1 from logged_model m where m.model_id = n.id) order by 1",
        row -> row.text("id"),
        (Object) points.stream().map(Metric::modelId).toArray());
    if (!unknown.isEmpty()) {
      throw Refused.notFound("Logged model with ID '" + unknown.getFirst() + "' not found.");
    }
    Columns columns = Columns.of(points);
    database.update(
        "insert into logged_model_metric"
            + " (model, key, timestamp, step, value, run_id, dataset_name, dataset_digest)"
            + " select m.id, n.key, n.timestamp, n.step, case when n.is_nan then 'NaN' else n.value end, ?,"
            + " n.dataset_name, n.dataset_digest"
            + " from unnest(?, ?, ?, ?, ?, ?, ?, ?)"
            + " as n (key, timestamp, step, value, is_nan, model_id, dataset_name, dataset_digest)"
            + " join logged_model m on m.model_id = n.model_id on conflict do nothing",
        run.info().runId(),
        columns.keys(),
        columns.timestamps(),
        columns.steps(),
        columns.values(),
        columns.nans(),
        points.stream().map(Metric::modelId).toArray(),
        points.stream().map(Metric::datasetName).toArray(),
        points.stream().map(Metric::datasetDigest).toArray());
  }

  /** The points as columns of one multi-row statement. */
  private record Columns(
      List<String> keys,
      List<Long> timestamps,
      List<Long> steps,
      List<Double> values,
      List<Boolean> nans) {
    static Columns of(List<Metric> points) {
      return new Columns(
          points.stream().map(Metric::key).toList(),
          points.stream().map(Metric::timestamp).toList(),
          points.stream().map(Metric::step).toList(),
          points.stream().map(Metric::storedValue).toList(),
          points.stream().map(Metric::isNan).toList());
    }

    Object[] after(long run) {
      return new Object[] {run, keys, timestamps, steps, values, nans};
    }
  }
}
