package dev.slipway.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The last report of each replica. */
@ApplicationScoped
class ReplicaStore {
  /** A replica that was silent for longer is forgotten. */
  static final Duration REMEMBERED = Duration.ofDays(1);

  private final Database database;
  private final ObjectMapper json;

  ReplicaStore(Database database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /**
   * Keeps the report, unless a later one of the same process is there already. The next report replaces it, so the commit waits
   * for no disk: that would make the switches wait, which do.
   *
   * @return whether the report could be kept: not if it is relative to a list that is not here
   */
  boolean put(ReplicaReport report, Instant now) {
    if (report.part() != null) {
      return replaceParts(report, now);
    }
    putWhole(report, now);
    return true;
  }

  private void putWhole(ReplicaReport report, Instant now) {
    database.update(
        """
        insert into replica (name, url, epoch, revision, selector, started_at, heard_at, report)
        select ?, ?, ?, ?, ?::jsonb, ?, ?, ?::jsonb
         where set_config('synchronous_commit', 'off', true) = 'off'
        on conflict (name) do update
           set url = excluded.url, epoch = excluded.epoch, revision = excluded.revision,
               selector = excluded.selector, started_at = excluded.started_at,
               heard_at = excluded.heard_at, report = excluded.report
         where replica.epoch <> excluded.epoch or replica.started_at <> excluded.started_at
            or replica.revision <= excluded.revision
        """,
        report.replica(),
        report.url(),
        report.epoch(),
        report.revision(),
        report.selector() == null ? null : write(report.selector()),
        report.startedAt(),
        now,
        write(report));
  }

  /** A report that changes nothing in the list leaves the list where it is: it is long, and this happens each second. */
  private boolean replaceParts(ReplicaReport report, Instant now) {
    ReplicaReport.Part part = report.part();
    boolean same = report.loaded().isEmpty() && part.gone().isEmpty();
    List<ReplicaReport.Key> replaced = Stream.concat(
            report.loaded().stream().map(Loaded::key), part.gone().stream())
        .toList();
    return database.update(
            """
            update replica r
               set url = ?, epoch = ?, revision = ?, selector = ?::jsonb, heard_at = ?,
                   report = case when ?::boolean then r.report else r.report || jsonb_build_object('list', ?::bigint, 'loaded',
                     (select coalesce(jsonb_agg(l), '[]') from jsonb_array_elements(r.report -> 'loaded') l
                       where (l ->> 'model', l ->> 'version', l ->> 'digest') not in
                         (select c ->> 'model', c ->> 'version', c ->> 'digest' from jsonb_array_elements(?::jsonb) c)
                     ) || ?::jsonb) end
             where r.name = ? and r.started_at = ? and (r.report ->> 'list')::bigint = ?
               and (r.epoch <> ? or r.revision <= ?) and set_config('synchronous_commit', 'off', true) = 'off'
            """,
            report.url(),
            report.epoch(),
            report.revision(),
            report.selector() == null ? null : write(report.selector()),
            now,
            same,
            report.list(),
            write(replaced),
            write(report.loaded()),
            report.replica(),
            report.startedAt(),
            part.since(),
            report.epoch(),
            report.revision())
        > 0;
  }

  /** What the replicas say about one digest, those of the last day. */
  List<Readiness.Heard> aboutDigest(String digest, Instant now) {
    return database.list("""
        select name, url, epoch, revision, selector, started_at, heard_at,
               (select jsonb_agg(l) from jsonb_array_elements(report -> 'loaded') l
                 where l ->> 'digest' = ?) as loaded
          from replica where heard_at > ? order by name
        """, this::heard, digest, now.minus(REMEMBERED));
  }

  /** What the replicas say about one model's versions, those of the last day. */
  List<Readiness.Heard> aboutModel(String model, Instant now) {
    return database.list("""
        select name, url, epoch, revision, selector, started_at, heard_at,
               (select jsonb_agg(l) from jsonb_array_elements(report -> 'loaded') l
                 where l ->> 'model' = ?) as loaded
          from replica where heard_at > ? order by name
        """, this::heard, model, now.minus(REMEMBERED));
  }

  /** Every replica of the last day, with all that it has loaded. */
  List<Readiness.Heard> all(Instant now) {
    return database.list("""
        select name, url, epoch, revision, selector, started_at, heard_at, report -> 'loaded' as loaded
          from replica where heard_at > ? order by name
        """, this::heard, now.minus(REMEMBERED));
  }

  Map<String, FeedRevision.Position> positions(Collection<String> replicas) {
    record At(String name, FeedRevision.Position position) {}
    var positions = new HashMap<String, FeedRevision.Position>();
    database
        .list(
            "select name, epoch, revision from replica where name = any(?)",
            row -> new At(
                row.text("name"),
                new FeedRevision.Position(row.text("epoch"), row.number("revision"))),
            replicas)
        .forEach(at -> positions.put(at.name(), at.position()));
    return positions;
  }

  int forget(Instant now) {
    return database.update("delete from replica where heard_at <= ?", now.minus(REMEMBERED));
  }

  private Readiness.Heard heard(Row row) throws SQLException {
    String selector = row.text("selector");
    String loaded = row.text("loaded");
    Instant at = row.time("heard_at");
    try {
      return new Readiness.Heard(
          new ReplicaReport(
              row.text("name"),
              row.text("url"),
              row.time("started_at"),
              at,
              row.text("epoch"),
              row.number("revision"),
              selector == null ? null : json.readValue(selector, ReplicaReport.Selector.class),
              loaded == null
                  ? List.of()
                  : json.readValue(loaded, new TypeReference<List<Loaded>>() {})),
          at);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored replica report cannot be read", e);
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a replica report cannot be written", e);
    }
  }
}
