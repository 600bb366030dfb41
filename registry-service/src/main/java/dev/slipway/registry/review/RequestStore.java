package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of transition_request. */
@ApplicationScoped
class RequestStore {
  private static final String SELECT = """
      select r.id, r.model_id, m.name as model, r.version_id, r.version_number as version, r.from_stage, r.to_stage,
             r.alias, r.state, r.state_reason, r.requester, v.created_by as uploader, r.comment, r.archive_existing, r.digest, r.policy_id,
             r.live_digest, r.checks, r.created_at, r.updated_at, v.digest as version_digest, v.stage as version_stage,
             case when r.alias is null then lv.digest else av.digest end as live_digest_now, coalesce(m.live_version_id = v.id, false) as is_live,
             (select coalesce(jsonb_agg(jsonb_build_object('check', c.name, 'verdict', c.verdict,
                              'computed', c.source = 'slipway')), '[]')
                from request_check c
               where c.request_id = r.id and c.verdict not in ('pending', 'stale')) as checks_now,
             r.expires_at, r.bypassed_by, r.bypass_reason, r.bypassed_at,
             (select max(x.id) from release x where x.request_id = r.id) as release_id,
             p.id as p_id, p.number as p_number, p.scope as p_scope, p.body as p_body,
             p.group_name as p_group_name, p.name_prefix as p_name_prefix, p.tag_key as p_tag_key,
             p.tag_value as p_tag_value,
             p.created_by as p_created_by, p.created_at as p_created_at,
             b.id as b_id, b.number as b_number, b.scope as b_scope, b.body as b_body,
             b.group_name as b_group_name, b.name_prefix as b_name_prefix, b.tag_key as b_tag_key,
             b.tag_value as b_tag_value,
             b.created_by as b_created_by, b.created_at as b_created_at
        from transition_request r join registered_model m on m.id = r.model_id
        left join model_version v on v.id = r.version_id
        left join model_version lv on lv.id = m.live_version_id
        left join model_alias al on al.model_id = m.id and al.alias = r.alias
        left join model_version av on av.id = al.version_id
        join policy b on b.id = r.policy_id
        join policy p on p.id = policy_in_force(m.id)
      """;

  private final Database database;
  private final PolicyStore policies;
  private final VerdictJson verdicts;

  RequestStore(Database database, PolicyStore policies, VerdictJson verdicts) {
    this.database = database;
    this.policies = policies;
    this.verdicts = verdicts;
  }

  /** @param alias null for a move between stages. @return the id; empty when the same move is asked for already */
  Optional<Long> insert(
      long model,
      long version,
      String alias,
      Bindings bindings,
      String requester,
      String comment,
      boolean archiveExisting,
      Instant expiresAt,
      Instant now) {
    return database.first(
        """
        insert into transition_request (model_id, version_id, version_number, alias, from_stage, to_stage, state, requester, comment,
                    archive_existing, digest, policy_id, live_digest, expires_at, created_at, updated_at)
        values (?, ?, (select number from model_version where id = ?), ?::text, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?::timestamptz, ?, ?)
        on conflict (version_id, to_stage, coalesce(alias, '')) where state in ('open', 'approved') do nothing
        returning id
        """,
        row -> row.number("id"),
        model,
        version,
        version,
        alias,
        bindings.from().label(),
        bindings.to().label(),
        requester,
        comment,
        archiveExisting,
        bindings.digest(),
        bindings.policyId(),
        bindings.liveDigest(),
        expiresAt,
        now,
        now);
  }

  Optional<RequestRow> find(long id) {
    return database.first(SELECT + " where r.id = ?", this::row, id);
  }

  Optional<RequestRow> pending(long version, Stage to) {
    return database.first(
        SELECT
            + " where r.version_id = ? and r.to_stage = ? and r.alias is null and r.state in ('open', 'approved')",
        this::row,
        version,
        to.label());
  }

  /** Whether anybody asks for a move of the version between stages. */
  boolean isPending(long version) {
    return database
        .first(
            "select id from transition_request where version_id = ? and alias is null and state in ('open', 'approved')",
            row -> row.number("id"),
            version)
        .isPresent();
  }

  /** Whether the version was ever live by a promotion that was reviewed, or that somebody answered for by a bypass. */
  boolean wasReviewed(long version) {
    return database.first("""
            select r.id from release x join transition_request r on r.id = x.request_id join policy p on p.id = r.policy_id
             where x.to_version_id = ? and x.state = 'live' and x.kind = 'promotion'
               and (p.body ->> 'mode' <> 'open' or r.bypassed_by is not null)
             limit 1
            """, row -> row.number("id"), version).isPresent();
  }

  Optional<RequestRow> pendingAlias(long version, String alias) {
    return database.first(
        SELECT + " where r.version_id = ? and r.alias = ? and r.state in ('open', 'approved')",
        this::row,
        version,
        alias);
  }

  /** Newest first, those before {@code before}; a null model or state means any. */
  List<RequestRow> page(Long model, Long version, RequestState state, long before, int size) {
    return database.list(
        SELECT + """
               where r.id < ? and (?::bigint is null or r.model_id = ?)
                 and (?::bigint is null or r.version_id = ?) and (?::text is null or r.state = ?)
               order by r.id desc limit ?
              """,
        this::row,
        before,
        model,
        model,
        version,
        version,
        state == null ? null : state.label(),
        state == null ? null : state.label(),
        size);
  }

  /** Moves an undecided request on. @return whether it was undecided still */
  boolean settle(long id, RequestState state, String reason, Instant now) {
    return database.update("""
            update transition_request set state = ?, state_reason = ?, updated_at = ?, row_version = row_version + 1
             where id = ? and state in ('open', 'approved')
            """, state.label(), reason, now, id) == 1;
  }

  /** Ends a request that is open: somebody takes it back. */
  void withdraw(long id, String by, String comment, Instant now) {
    if (settle(id, RequestState.WITHDRAWN, comment, now)) {
      database.update("update transition_request set withdrawn_by = ? where id = ?", by, id);
    }
  }

  /** Ends a request that is open and due. @return whether it was */
  boolean expire(long id, String reason, Instant now) {
    return database.update("""
            update transition_request set state = 'expired', state_reason = ?, updated_at = ?, row_version = row_version + 1
             where id = ? and state = 'open' and expires_at <= ?
            """, reason, now, id, now) == 1;
  }

  void setExpiry(long id, Instant end) {
    database.update(
        "update transition_request set expires_at = ?::timestamptz where id = ? and state = 'open'",
        end,
        id);
  }

  List<RequestRow> due(Instant now, int limit) {
    return database.list(
        SELECT + " where r.state = 'open' and r.expires_at <= ? order by r.expires_at limit ?",
        this::row,
        now,
        limit);
  }

  /** Open requests that were made, or last refreshed, under a policy that no longer holds for their model. */
  List<RequestRow> openUnderOtherPolicy(Long model) {
    return database.list(
        SELECT + " where r.state = 'open' and r.policy_id <> p.id"
            + " and (?::bigint is null or r.model_id = ?) order by r.id",
        this::row,
        model,
        model);
  }

  void bypass(long id, String by, String reason, Instant at) {
    database.update(
        "update transition_request set bypassed_by = ?, bypass_reason = ?, bypassed_at = ? where id = ?",
        by,
        reason,
        at,
        id);
  }

  /** Binds the request to things as they stand. */
  void refresh(long id, Bindings now, Instant at) {
    database.update(
        """
        update transition_request set digest = ?, policy_id = ?, live_digest = ?, checks = ?::jsonb,
               updated_at = ?, row_version = row_version + 1 where id = ?
        """, now.digest(), now.policyId(), now.liveDigest(), verdicts.write(now.checks()), at, id);
  }

  /** A request that was closed, and why. */
  record Closed(long id, String digest, String reason) {}

  /** Closes open requests whose version has left the stage that they start from. */
  List<Closed> supersedeMoved(long model, Instant at) {
    return database.list(
        """
        update transition_request r
           set state = 'superseded', state_reason = 'the version moved to ' || v.stage || ' by another way',
               updated_at = ?, row_version = r.row_version + 1
          from model_version v
         where v.id = r.version_id and r.model_id = ? and r.state = 'open' and r.alias is null
           and r.from_stage <> v.stage
        returning r.id, r.digest, r.state_reason
        """,
        row -> new Closed(row.number("id"), row.text("digest"), row.text("state_reason")),
        at,
        model);
  }

  /** Under an open policy: the version, other than {@code except}, that was promoted last and can be live still. */
  Optional<Long> lastPromoted(long model, long except) {
    return database.first("""
        select v.id from transition_request r join model_version v on v.id = r.version_id
         where r.model_id = ? and v.id <> ? and r.to_stage = 'Production' and r.alias is null and r.state = 'applied'
           and v.stage = 'Production' and v.status = 'READY' and v.digest is not null and v.servable <> 'no'
         order by r.id desc limit 1
        """, row -> row.number("id"), model, except);
  }

  private static Request.Bypass bypass(Row row) throws SQLException {
    String by = row.text("bypassed_by");
    return by == null
        ? null
        : new Request.Bypass(by, row.text("bypass_reason"), row.time("bypassed_at"));
  }

  private RequestRow row(Row row) throws SQLException {
    Stage from = Stage.of(row.text("from_stage"));
    Stage to = Stage.of(row.text("to_stage"));
    String alias = row.text("alias");
    Policy policy = policies.policy(row, "p_");
    String stage = row.text("version_stage");
    return new RequestRow(
        row.number("id"),
        row.number("model_id"),
        row.text("model"),
        row.number("version_id"),
        row.integer("version"),
        alias,
        RequestState.of(row.text("state")),
        row.text("state_reason"),
        row.text("requester"),
        row.text("uploader"),
        row.text("comment"),
        row.flag("archive_existing"),
        new Bindings(
            row.text("digest"),
            from,
            to,
            row.number("policy_id"),
            row.text("live_digest"),
            verdicts.read(row.text("checks"))),
        new Bindings(
            row.text("version_digest"),
            alias == null && stage != null ? Stage.of(stage) : from,
            to,
            policy.id(),
            row.text("live_digest_now"),
            verdicts.read(row.text("checks_now"))),
        policy,
        policies.policy(row, "b_"),
        row.time("expires_at"),
        bypass(row),
        row.flag("is_live"),
        row.number("release_id"),
        row.time("created_at"),
        row.time("updated_at"));
  }
}
