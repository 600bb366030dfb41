package dev.slipway.registry.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Rows of the policy table; the highest number of a scope is in force. */
@ApplicationScoped
class PolicyStore {
  private final Database database;
  private final ObjectMapper json;

  PolicyStore(Database database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** The model's own policy, else the server's; empty when not even that is there. */
  Optional<Policy> inForce(long model) {
    return database.first("""
        select id, number, scope, body, created_by, created_at from policy
         where scope = 'server' or model_id = ?
         order by scope = 'model' desc, number desc limit 1
        """, row -> policy(row, ""), model);
  }

  Optional<Policy> server() {
    return database.first("""
        select id, number, scope, body, created_by, created_at from policy
         where scope = 'server' order by number desc limit 1
        """, row -> policy(row, ""));
  }

  /** @return the new record; empty when another of that number came first */
  Optional<Policy> insert(Long model, int number, PolicyRules rules, String by, Instant now) {
    return database.first(
        """
        insert into policy (scope, model_id, number, body, created_by, created_at)
        values (?, ?, ?, ?::jsonb, ?, ?) on conflict do nothing
        returning id, number, scope, body, created_by, created_at
        """,
        row -> policy(row, ""),
        model == null ? "server" : "model",
        model,
        number,
        write(rules),
        by,
        now);
  }

  /** Reads a policy whose columns start with {@code prefix}. */
  Policy policy(Row row, String prefix) throws SQLException {
    return new Policy(
        row.number(prefix + "id"),
        row.integer(prefix + "number"),
        row.text(prefix + "scope"),
        read(row.text(prefix + "body")),
        row.text(prefix + "created_by"),
        row.time(prefix + "created_at"));
  }

  private PolicyRules read(String body) {
    try {
      return json.readValue(body, PolicyRules.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored policy cannot be read", e);
    }
  }

  private String write(PolicyRules rules) {
    try {
      return json.writeValueAsString(rules);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a policy cannot be written", e);
    }
  }
}
