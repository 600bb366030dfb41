package dev.slipway.registry.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rows of the policy table; the highest number of a scope is in force, unless it was withdrawn. */
@ApplicationScoped
class PolicyStore {
  private static final String COLUMNS =
      " id, number, scope, group_name, name_prefix, tag_key, tag_value, body, created_by, created_at ";
  private static final String GROUPS =
      "select * from (select distinct on (group_name) * from policy where scope = 'group'"
          + " order by group_name, number desc) g where not withdrawn ";

  private static final long NO_MODEL = -1;

  private final Database database;
  private final ObjectMapper json;

  PolicyStore(Database database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** Whose policy it is: of a model, of a group, or, where both are null, of the server. */
  record Scope(Long model, PolicyGroup group) {
    static final Scope SERVER = new Scope(null, null);

    String label() {
      return model != null ? "model" : group != null ? "group" : "server";
    }
  }

  /** The model's own policy, else its group's, else the server's; empty when not even that is there. */
  Optional<Policy> inForce(long model) {
    return one("select" + COLUMNS + "from policy where id = policy_in_force(?)", model);
  }

  /** As {@link #inForce}, if the model were called {@code name}. */
  Optional<Policy> inForce(long model, String name) {
    return one("select" + COLUMNS + "from policy where id = policy_in_force(?, ?)", model, name);
  }

  /** The policy that a model called {@code name} gets by its name alone; empty when not even the server has one. */
  Optional<Policy> ofName(String name) {
    return one("select" + COLUMNS + "from policy where id = policy_in_force(?, ?)", NO_MODEL, name);
  }

  /** The record that holds for a model, and whether it is a reviewed one. */
  record Held(long policy, boolean reviewed) {}

  /** What holds for each model, by the model's id. */
  Map<Long, Held> held() {
    record Of(long model, Held held) {}
    return database
        .list(
            """
            select m.id, p.id as policy, p.body ->> 'mode' <> 'open' as reviewed
              from registered_model m join policy p on p.id = policy_in_force(m.id)
            """,
            row -> new Of(row.number("id"), new Held(row.number("policy"), row.flag("reviewed"))))
        .stream()
        .collect(Collectors.toMap(Of::model, Of::held));
  }

  Optional<Policy> server() {
    return one(
        "select" + COLUMNS + "from policy where scope = 'server' order by number desc limit 1");
  }

  /** By name. */
  List<Policy> groups() {
    return database.list(GROUPS + "order by group_name", row -> policy(row, ""));
  }

  Optional<Policy> group(String name) {
    return one(GROUPS + "and group_name = ?", name);
  }

  /** Every record of a scope, newest first; of a group that selects models anew, under whatever selection. */
  List<PastPolicy> history(Scope scope, int limit) {
    return database.list(
        "select" + COLUMNS + """
        , withdrawn from policy
         where scope = ? and model_id is not distinct from ?::bigint and group_name is not distinct from ?::text
         order by number desc limit ?
        """,
        row -> new PastPolicy(policy(row, ""), row.flag("withdrawn")),
        scope.label(),
        scope.model(),
        scope.group() == null ? null : scope.group().name(),
        limit);
  }

  /** Whether a group is selected by this tag. */
  boolean selects(String tagKey) {
    return database
        .first(GROUPS + "and tag_key = ? limit 1", row -> row.number("id"), tagKey)
        .isPresent();
  }

  /** Serialises the changes of one scope, and of the policies that hold for a model. */
  void lock() {
    database.first(
        "select pg_advisory_xact_lock(hashtext('slipway-policies'))", row -> Boolean.TRUE);
  }

  /**
   * @param withdrawn whether the scope has no policy from here on
   * @return the new record; empty when another of that number came first
   */
  Optional<Policy> insert(
      Scope scope, PolicyRules rules, boolean withdrawn, String by, Instant now) {
    PolicyGroup group =
        scope.group() == null ? new PolicyGroup(null, null, null, null) : scope.group();
    return database.first(
        """
        insert into policy (scope, model_id, group_name, name_prefix, tag_key, tag_value, number, body, withdrawn,
                            created_by, created_at)
        select ?, ?::bigint, ?::text, ?::text, ?::text, ?::text, coalesce(max(number), 0) + 1, ?::jsonb, ?, ?, ? from policy
         where scope = ? and model_id is not distinct from ?::bigint and group_name is not distinct from ?::text
        on conflict do nothing
        returning id, number, scope, group_name, name_prefix, tag_key, tag_value, body, created_by, created_at
        """,
        row -> policy(row, ""),
        scope.label(),
        scope.model(),
        group.name(),
        group.namePrefix(),
        group.tagKey(),
        group.tagValue(),
        write(rules),
        withdrawn,
        by,
        now,
        scope.label(),
        scope.model(),
        group.name());
  }

  private Optional<Policy> one(String sql, Object... arguments) {
    return database.first(sql, row -> policy(row, ""), arguments);
  }

  /** Reads a policy whose columns start with {@code prefix}. */
  Policy policy(Row row, String prefix) throws SQLException {
    String group = row.text(prefix + "group_name");
    return new Policy(
        row.number(prefix + "id"),
        row.integer(prefix + "number"),
        row.text(prefix + "scope"),
        group == null
            ? null
            : new PolicyGroup(
                group,
                row.text(prefix + "name_prefix"),
                row.text(prefix + "tag_key"),
                row.text(prefix + "tag_value")),
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
