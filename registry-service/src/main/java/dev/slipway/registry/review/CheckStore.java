package dev.slipway.registry.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.job.Finding;
import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rows of request_check. */
@ApplicationScoped
class CheckStore {
  private final Database database;
  private final ObjectMapper json;

  CheckStore(Database database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** A check with the request that it is on. */
  record Reported(long request, Request.CheckView check) {}

  /** Keeps the report instead of an earlier one of its name. */
  void put(long request, CheckReport report, String reporter, Instant at) {
    database.update(
        """
        insert into request_check (request_id, name, verdict, url, summary, data, reporter, at)
        values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)
        on conflict (request_id, name) do update set verdict = excluded.verdict, url = excluded.url,
          summary = excluded.summary, data = excluded.data, reporter = excluded.reporter, at = excluded.at
        """,
        request,
        report.name(),
        report.verdict(),
        report.url(),
        report.summary(),
        report.data() == null ? null : report.data().toString(),
        reporter,
        at);
  }

  /** By name. */
  List<Reported> of(Collection<Long> requests) {
    return database.list(
        """
        select request_id, name, source, verdict, url, summary, data, reporter, at from request_check
         where request_id = any(?) order by name
        """,
        row -> new Reported(
            row.number("request_id"),
            new Request.CheckView(
                row.text("name"),
                row.text("source"),
                row.text("verdict"),
                row.text("summary"),
                tree(row.text("data")),
                row.text("url"),
                row.text("reporter"),
                row.time("at"))),
        requests);
  }

  /** The newest figures of a version's own speed: of its own requests, or of another's that it was compared with as the live one. */
  Optional<JsonNode> latency(long version) {
    return database.first("""
        select m.figures from (
          select c.at, c.data->'version' as figures
            from request_check c join transition_request r on r.id = c.request_id
           where r.version_id = ? and c.name = 'latency' and c.source = 'slipway'
          union all
          select c.at, c.data->'live'
            from request_check c join transition_request r on r.id = c.request_id
            join model_version v on v.model_id = r.model_id and v.id = ?
           where c.name = 'latency' and c.source = 'slipway' and c.data->>'live_version' = v.number::text) m
         where jsonb_typeof(m.figures) = 'object' order by m.at desc limit 1
        """, row -> tree(row.text("figures")), version, version);
  }

  /** Puts checks of Slipway's own on a request: not made yet. */
  void open(long request, Collection<String> names, Instant at) {
    for (String name : names) {
      database.update("""
          insert into request_check (request_id, name, source, verdict, reporter, at)
          values (?, ?, 'slipway', 'pending', 'slipway', ?)
          """, request, name, at);
    }
  }

  /** Requests with a check that is not made and was not looked at after {@code before}. */
  List<Long> due(Instant before, int limit) {
    return database.list("""
        select distinct c.request_id from request_check c join transition_request r on r.id = c.request_id
         where c.source = 'slipway' and c.verdict in ('pending', 'stale')
           and (c.looked_at is null or c.looked_at < ?) and r.state in ('open', 'approved')
         order by c.request_id limit ?
        """, row -> row.number("request_id"), before, limit);
  }

  List<String> outstanding(long request) {
    return database.list("""
        select name from request_check
         where request_id = ? and source = 'slipway' and verdict in ('pending', 'stale') order by name
        """, row -> row.text("name"), request);
  }

  void looked(long request, Instant at) {
    database.update(
        "update request_check set looked_at = ? where request_id = ? and source = 'slipway'",
        at,
        request);
  }

  void found(long request, String name, Finding finding, Instant at) {
    database.update(
        """
        update request_check set verdict = ?, summary = ?, data = ?::jsonb, at = ?
         where request_id = ? and name = ? and source = 'slipway'
        """,
        finding.verdict().label(),
        finding.summary(),
        json.valueToTree(finding.data()).toString(),
        at,
        request,
        name);
  }

  /** A null version means every version of the model. */
  void stale(String model, Integer version, Collection<String> names) {
    database.update("""
        update request_check c set verdict = case when c.verdict = 'pending' then 'pending' else 'stale' end,
               looked_at = null
          from transition_request r join registered_model m on m.id = r.model_id
          join model_version v on v.id = r.version_id
         where r.id = c.request_id and c.source = 'slipway' and c.name = any(?) and m.name = ?
           and (?::integer is null or v.number = ?) and r.state = 'open'
        """, names, model, version, version);
  }

  /** Slipway's own checks of a request are made again, whatever was found. @return their names */
  List<String> again(long request) {
    return database.list("""
        update request_check set verdict = case when verdict = 'pending' then 'pending' else 'stale' end, looked_at = null
         where request_id = ? and source = 'slipway' returning name
        """, row -> row.text("name"), request);
  }

  /** Of the model's open requests, when another version is live than the one they were compared with. */
  void staleForLive(long model, Collection<String> names) {
    database.update("""
        update request_check c set verdict = case when c.verdict = 'pending' then 'pending' else 'stale' end,
               looked_at = null
          from transition_request r
         where r.id = c.request_id and c.source = 'slipway' and c.name = any(?) and r.model_id = ?
           and r.state = 'open'
        """, names, model);
  }

  void lookAgain(long version) {
    database.update("""
        update request_check c set looked_at = null from transition_request r
         where r.id = c.request_id and r.version_id = ? and c.source = 'slipway'
           and c.verdict in ('pending', 'stale')
        """, version);
  }

  private JsonNode tree(String data) {
    try {
      return data == null ? null : json.readTree(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored check cannot be read", e);
    }
  }
}
