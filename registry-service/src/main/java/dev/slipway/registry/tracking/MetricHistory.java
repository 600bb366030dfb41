package dev.slipway.registry.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.search.PageToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every point that was logged for one key. Runs that do not exist have no points. */
@ApplicationScoped
public class MetricHistory {
  private static final String COLUMNS = "m.key, m.value, m.is_nan, m.timestamp, m.step";

  private final Database database;

  MetricHistory(Database database) {
    this.database = database;
  }

  /**
   * One run's points by (timestamp, step, value). The token knows the last point of its page, so that the millionth point costs
   * what the first does.
   */
  public Page<Metric> of(String runId, String key, int maxResults, String pageToken) {
    PageToken token = PageToken.parse(pageToken);
    SqlText text = new SqlText()
        .append(
            "select " + COLUMNS
                + " from metric m where m.run = (select id from run where run_id = ?) and m.key = ?",
            runId,
            key);
    JsonNode after = token.content().path("after");
    boolean positioned = after.size() == 4;
    if (positioned) {
      text.append(
          " and (m.timestamp, m.step, m.value, m.is_nan) > (?, ?, ?, ?)",
          after.get(0).asLong(),
          after.get(1).asLong(),
          after.get(2).asDouble(),
          after.get(3).asBoolean());
    }
    text.append(" order by m.timestamp, m.step, m.value, m.is_nan limit ?", maxResults + 1L);
    if (!positioned && token.offset() > 0) {
      text.append(" offset ?", token.offset());
    }
    List<Metric> points = text.list(database, MetricRow::map);
    if (points.size() <= maxResults) {
      return new Page<>(points, null);
    }
    List<Metric> page = points.subList(0, maxResults);
    return new Page<>(page, next(token.offset() + maxResults, page.getLast()));
  }

  private static String next(long offset, Metric last) {
    PageToken token = PageToken.ofOffset(offset);
    token
        .content()
        .putArray("after")
        .add(last.timestamp())
        .add(last.step())
        .add(last.storedValue())
        .add(last.isNan());
    return token.encoded();
  }

  /** The points of several runs, by run id, then as {@link #of}; at most {@code maxResults} in all. */
  public List<RunMetric> ofRuns(List<String> runIds, String key, int maxResults) {
    return database.list(
        "select r.run_id, " + COLUMNS + " from run r cross join lateral (select * from metric x"
            + " where x.run = r.id and x.key = ? order by x.timestamp, x.step, x.value limit ?) m"
            + " where r.run_id = any (?) order by r.run_id, m.timestamp, m.step, m.value limit ?",
        row -> new RunMetric(row.text("run_id"), MetricRow.map(row)),
        key,
        maxResults,
        runIds.toArray(),
        maxResults);
  }

  /**
   * At most {@code maxResults} points of each run, evenly spread over its points by (step, timestamp, value); the first and the
   * last are always among them, the last alone when only one is wanted.
   *
   * @param startStep with {@code endStep}: look only at these steps, both included; both null for all
   */
  public List<RunMetric> sample(
      List<String> runIds, String key, int maxResults, Long startStep, Long endStep) {
    SqlText text = new SqlText()
        .append(
            "with numbered as (select ids.position, r.run_id, " + COLUMNS
                + ", ntile(?) over points as bucket,"
                + " row_number() over points as place, count(*) over (partition by ids.position) as total"
                + " from unnest(?) with ordinality as ids (run_id, position) join run r on r.run_id = ids.run_id"
                + " join metric m on m.run = r.id and m.key = ?",
            maxResults,
            runIds.toArray(),
            key);
    if (startStep != null && endStep != null) {
      text.append(" and m.step between ? and ?", startStep, endStep);
    }
    text.append(
        " window points as (partition by ids.position order by m.step, m.timestamp, m.value, m.is_nan)),"
            + " marked as (select *, lag(bucket) over (partition by position order by place) as before from numbered)"
            + " select * from marked where bucket is distinct from before or place = total order by position, place");
    Map<Long, List<RunMetric>> samples = new LinkedHashMap<>();
    text.list(
        database,
        row -> samples
            .computeIfAbsent(row.number("position"), position -> new ArrayList<>())
            .add(new RunMetric(row.text("run_id"), MetricRow.map(row))));
    samples.values().forEach(points -> dropSecondLast(points, maxResults));
    return samples.values().stream().flatMap(List::stream).toList();
  }

  private static void dropSecondLast(List<RunMetric> points, int maxResults) {
    if (points.size() > maxResults) {
      points.remove(points.size() - 2);
    }
  }
}
