package dev.slipway.registry.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

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
        select request_id, name, verdict, url, summary, data, reporter, at from request_check
         where request_id = any(?) order by name
        """,
        row -> new Reported(
            row.number("request_id"),
            new Request.CheckView(
                row.text("name"),
                row.text("verdict"),
                row.text("summary"),
                tree(row.text("data")),
                row.text("url"),
                row.text("reporter"),
                row.time("at"))),
        requests);
  }

  private JsonNode tree(String data) {
    try {
      return data == null ? null : json.readTree(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored check cannot be read", e);
    }
  }
}
