package dev.slipway.registry.review;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What happened to a model's versions, told from requests, approvals and releases. */
@ApplicationScoped
public class History {
  private static final String ALL = """
      with asked as (
        select r.*, r.version_number as number, case when r.alias is null then r.to_stage else '@' || r.alias end as target
          from transition_request r where r.model_id = ?)
      select r.created_at as at, 1 as rank, 'request' as kind, r.requester as actor, r.from_stage, r.target,
             null::int as from_version, r.number as to_version, r.id as request_id, null::bigint as release_id,
             r.comment as reason, null::text as detail
        from asked r
      union all
      select a.created_at, 2, a.verdict, a.approver, r.from_stage, r.target, null, r.number, r.id, null, a.comment, null
        from approval a join asked r on r.id = a.request_id
      union all
      select a.void_at, 3, 'void', a.approver, r.from_stage, r.target, null, r.number, r.id, null, a.void_reason, a.verdict
        from approval a join asked r on r.id = a.request_id where a.void_at is not null
      union all
      select c.at, 2, 'check', c.reporter, r.from_stage, r.target, null, r.number, r.id, null, c.summary,
             c.name || ': ' || c.verdict
        from request_check c join asked r on r.id = c.request_id where c.source <> 'slipway' and c.verdict in ('green', 'red', 'warning')
      union all
      select r.bypassed_at, 3, 'bypass', r.bypassed_by, r.from_stage, r.target, null, r.number, r.id, null,
             r.bypass_reason, null
        from asked r where r.bypassed_by is not null
      union all
      select r.updated_at, 3, r.state, case when r.state = 'withdrawn' then coalesce(r.withdrawn_by, r.requester) end, r.from_stage, r.target,
             null, r.number, r.id, null, r.state_reason, null
        from asked r
       where r.state in ('withdrawn', 'expired', 'superseded', 'applied')
         and not exists (select 1 from release x where x.request_id = r.id)
      union all
      select p.created_at, 5, 'policy', p.created_by, null, null, null, null, null, null, null,
             case when p.withdrawn then 'took the policy of the model away' else 'set policy ' || p.number || ' of the model' end
        from policy p where p.model_id = ?
      union all
      select p.created_at, 5, 'policy', p.created_by, null, null, null, null, null, null, null,
             case when p.withdrawn then 'took the policy of group ' || p.group_name || ' away'
                  when p.scope = 'group' then 'set policy ' || p.number || ' of group ' || p.group_name
                  else 'set policy ' || p.number || ' of the server' end
        from registered_model m join policy p on p.scope <> 'model' and p.created_at >= m.created_at
       where m.id = ?
         and case when p.withdrawn
                  then policy_at(m.id, p.created_at - interval '1 microsecond') in
                       (select q.id from policy q where q.scope = 'group' and q.group_name = p.group_name)
                  else policy_at(m.id, p.created_at) = p.id end
      union all
      select coalesce(x.switched_at, x.started_at), 4, case when x.state = 'live' then x.kind else x.state end,
             x.actor, null, null, x.from_number, x.to_number, x.request_id, x.id, x.reason, null
        from release x where x.model_id = ?
      """;

  /** What happened at the same moment has one order too, so that a page begins where the one before ended. */
  private static final String PAGE = """
      select * from (
        select e.*, (to_char(e.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '|' || e.rank || '|'
               || lpad(coalesce(e.request_id, 0)::text, 19, '0') || '|' || lpad(coalesce(e.release_id, 0)::text, 19, '0')
               || '|' || e.kind || '|' || coalesce(e.actor, '') || '|' || coalesce(e.detail, '')) collate "C" as place
          from (%s) e) placed
       where ?::text is null or place < ? order by place desc limit ?
      """.formatted(ALL);

  private final Database database;
  private final LivePointers pointers;

  History(Database database, LivePointers pointers) {
    this.database = database;
    this.pointers = pointers;
  }

  /**
   * @param kind request, approve, reject, void, check, bypass, policy, applied, withdrawn, superseded, expired; promotion, rollback, retire; preparing, stepping, failed, undone
   * @param toVersion the version that it is about; null for a retirement and a policy
   * @param text one line for people
   */
  public record Entry(
      Instant at,
      String kind,
      String actor,
      Integer fromVersion,
      Integer toVersion,
      Long requestId,
      Long releaseId,
      String reason,
      String text) {}

  /**
   * Newest first.
   *
   * @param before the token of the page; null for the first
   * @throws NotFound when there is no such model
   */
  @Transactional
  public Page<Entry> page(String model, int size, String before) {
    if (before != null && before.indexOf('\0') >= 0) {
      throw new Invalid("page_token is not one that this registry gave");
    }
    long id = pointers.find(model).id();
    List<Placed> found =
        database.list(PAGE, History::placed, id, id, id, id, before, before, size + 1);
    List<Entry> entries = found.stream().limit(size).map(Placed::entry).toList();
    return new Page<>(entries, found.size() > size ? found.get(size - 1).place() : null);
  }

  private record Placed(Entry entry, String place) {}

  private static Placed placed(Row row) throws SQLException {
    return new Placed(entry(row), row.text("place"));
  }

  private static Entry entry(Row row) throws SQLException {
    String kind = row.text("kind");
    String actor = row.text("actor");
    Integer from = row.integer("from_version");
    Integer to = row.integer("to_version");
    String reason = row.text("reason");
    String move = "version " + to + " " + row.text("from_stage") + " → " + row.text("target");
    String text = text(kind, actor, from, to, move, row.text("detail"))
        + (reason == null || reason.isBlank() ? "" : ": " + reason);
    return new Entry(
        row.time("at"),
        kind,
        actor,
        from,
        to,
        row.number("request_id"),
        row.number("release_id"),
        reason,
        text);
  }

  private static String text(
      String kind, String actor, Integer from, Integer to, String move, String detail) {
    return switch (kind) {
      case "request" -> actor + " asked for " + move;
      case "approve" -> actor + " approved " + move;
      case "reject" -> actor + " rejected " + move;
      case "void" -> "the verdict of " + actor + " (" + detail + ") on " + move + " is void";
      case "check" -> actor + " reported " + detail + " on " + move;
      case "bypass" -> actor + " BYPASSED the policy for " + move;
      case "policy" -> actor + " " + detail;
      case "applied" -> move + " was made";
      case "withdrawn" -> actor + " withdrew the request for " + move;
      case "superseded", "expired" -> "the request for " + move + " is " + kind;
      case "promotion" ->
        "version " + to + " went live" + (from == null ? "" : " in place of version " + from)
            + ", by " + actor;
      case "rollback" -> actor + " rolled back from version " + from + " to version " + to;
      case "retire" -> actor + " retired version " + from;
      case "stepping" -> "version " + to + " is being brought in step by step, by " + actor;
      case "undone" ->
        "all requests went back from version " + to + " to version " + from + " (released by "
            + actor + ")";
      case "preparing" -> "version " + to + " is being prepared, by " + actor;
      default -> "the release of version " + to + " by " + actor + " failed";
    };
  }
}
