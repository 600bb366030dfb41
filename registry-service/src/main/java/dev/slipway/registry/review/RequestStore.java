package dev.slipway.registry.review;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Rows of transition_request, approval and request_comment. */
@ApplicationScoped
class RequestStore {
  private static final String SELECT = """
      select r.id, r.model_id, m.name as model, r.version_id, v.number as version, r.from_stage, r.to_stage,
             r.state, r.state_reason, r.requester, r.comment, r.archive_existing, r.digest, r.policy_id,
             r.live_digest, r.checks, r.created_at, r.updated_at, v.digest as version_digest, v.stage as version_stage,
             lv.digest as live_digest_now, coalesce(m.live_version_id = v.id, false) as is_live,
             (select coalesce(jsonb_agg(jsonb_build_object('check', c.name, 'verdict', c.verdict)), '[]')
                from request_check c where c.request_id = r.id) as checks_now,
             (select max(x.id) from release x where x.request_id = r.id) as release_id,
             p.id as p_id, p.number as p_number, p.scope as p_scope, p.body as p_body,
             p.created_by as p_created_by, p.created_at as p_created_at,
             b.id as b_id, b.number as b_number, b.scope as b_scope, b.body as b_body,
             b.created_by as b_created_by, b.created_at as b_created_at
        from transition_request r join registered_model m on m.id = r.model_id
        join model_version v on v.id = r.version_id
        left join model_version lv on lv.id = m.live_version_id
        join policy b on b.id = r.policy_id
        join lateral (select * from policy where scope = 'server' or model_id = m.id
                       order by scope = 'model' desc, number desc limit 1) p on true
      """;

  private final Database database;
  private final PolicyStore policies;
  private final VerdictJson verdicts;

  RequestStore(Database database, PolicyStore policies, VerdictJson verdicts) {
    this.database = database;
    this.policies = policies;
    this.verdicts = verdicts;
  }

  /** An approval with the request that it is on. */
  record Given(long request, Approval approval) {}

  /** A comment with the request that it is on. */
  record Said(long request, String author, String body, Instant at) {}

  /** @return the id; empty when the same move is asked for already */
  Optional<Long> insert(
      long model,
      long version,
      Bindings bindings,
      String requester,
      String comment,
      boolean archiveExisting,
      Instant now) {
    return database.first(
        """
        insert into transition_request (model_id, version_id, from_stage, to_stage, state, requester, comment,
                    archive_existing, digest, policy_id, live_digest, created_at, updated_at)
        values (?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (version_id, to_stage) where state in ('open', 'approved') do nothing
        returning id
        """,
        row -> row.number("id"),
        model,
        version,
        bindings.from().label(),
        bindings.to().label(),
        requester,
        comment,
        archiveExisting,
        bindings.digest(),
        bindings.policyId(),
        bindings.liveDigest(),
        now,
        now);
  }

  Optional<RequestRow> find(long id) {
    return database.first(SELECT + " where r.id = ?", this::row, id);
  }

  Optional<RequestRow> pending(long version, Stage to) {
    return database.first(
        SELECT + " where r.version_id = ? and r.to_stage = ? and r.state in ('open', 'approved')",
        this::row,
        version,
        to.label());
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

  /** Binds the request to things as they stand. */
  void refresh(long id, Bindings now, Instant at) {
    database.update(
        """
        update transition_request set digest = ?, policy_id = ?, live_digest = ?, checks = ?::jsonb,
               updated_at = ?, row_version = row_version + 1 where id = ?
        """, now.digest(), now.policyId(), now.liveDigest(), verdicts.write(now.checks()), at, id);
  }

  void approve(
      long request,
      String approver,
      Approval.Kind verdict,
      String comment,
      Bindings now,
      Instant at) {
    database.update(
        """
        insert into approval (request_id, approver, verdict, comment, digest, policy_id, live_digest, checks, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
        """,
        request,
        approver,
        verdict.name().toLowerCase(Locale.ROOT),
        comment,
        now.digest(),
        now.policyId(),
        now.liveDigest(),
        verdicts.write(now.checks()),
        at);
  }

  void voidApproval(long approval, String reason, Instant at) {
    database.update(
        "update approval set void_at = ?, void_reason = ? where id = ? and void_at is null",
        at,
        reason,
        approval);
  }

  /** Voids what was given on open requests of the model while another version was live. */
  void voidForLive(long model, Instant at) {
    database.update("""
        update approval a set void_at = ?, void_reason = 'another version is live now, or none is'
          from transition_request r, registered_model m left join model_version v on v.id = m.live_version_id
         where r.id = a.request_id and r.model_id = m.id and m.id = ? and r.state = 'open'
           and a.void_at is null and a.live_digest is distinct from v.digest
        """, at, model);
  }

  /** Voids what was given on open requests under a policy that was replaced; a null model means the server's policy. */
  void voidForPolicy(Long model, Instant at) {
    database.update("""
        update approval a set void_at = ?, void_reason = 'the policy changed'
          from transition_request r
         where r.id = a.request_id and r.state = 'open' and a.void_at is null
           and (r.model_id = ? or (?::bigint is null
                and not exists (select 1 from policy p where p.model_id = r.model_id)))
        """, at, model, model);
  }

  /** Closes open requests whose version has left the stage that they start from. */
  void supersedeMoved(long model, Instant at) {
    database.update("""
        update transition_request r
           set state = 'superseded', state_reason = 'the version moved to ' || v.stage || ' by another way',
               updated_at = ?, row_version = r.row_version + 1
          from model_version v
         where v.id = r.version_id and r.model_id = ? and r.state = 'open' and r.from_stage <> v.stage
        """, at, model);
  }

  /** Under an open policy: the version, other than {@code except}, that was promoted last and can be live still. */
  Optional<Long> lastPromoted(long model, long except) {
    return database.first("""
        select v.id from transition_request r join model_version v on v.id = r.version_id
         where r.model_id = ? and v.id <> ? and r.to_stage = 'Production' and r.state = 'applied'
           and v.stage = 'Production' and v.status = 'READY' and v.digest is not null and v.servable <> 'no'
         order by r.id desc limit 1
        """, row -> row.number("id"), model, except);
  }

  void comment(long request, String author, String body, Instant at) {
    database.update(
        "insert into request_comment (request_id, author, body, created_at) values (?, ?, ?, ?)",
        request,
        author,
        body,
        at);
  }

  /** In the order in which they were given. */
  List<Given> approvals(Map<Long, RequestRow> requests) {
    return database.list(
        """
        select id, request_id, approver, verdict, comment, digest, policy_id, live_digest, checks, created_at,
               void_at, void_reason from approval where request_id = any(?) order by id
        """, row -> given(row, requests.get(row.number("request_id"))), requests.keySet());
  }

  List<Approval> approvals(RequestRow request) {
    return approvals(Map.of(request.id(), request)).stream()
        .map(Given::approval)
        .toList();
  }

  List<Said> comments(Collection<Long> requests) {
    return database.list(
        """
        select request_id, author, body, created_at from request_comment
         where request_id = any(?) order by id
        """,
        row -> new Said(
            row.number("request_id"), row.text("author"), row.text("body"), row.time("created_at")),
        requests);
  }

  private Given given(Row row, RequestRow request) throws SQLException {
    var bindings = new Bindings(
        row.text("digest"),
        request.from(),
        request.to(),
        row.number("policy_id"),
        row.text("live_digest"),
        verdicts.read(row.text("checks")));
    return new Given(
        request.id(),
        new Approval(
            row.number("id"),
            row.text("approver"),
            Approval.Kind.valueOf(row.text("verdict").toUpperCase(Locale.ROOT)),
            row.text("comment"),
            bindings,
            row.time("created_at"),
            row.time("void_at"),
            row.text("void_reason")));
  }

  private RequestRow row(Row row) throws SQLException {
    Stage from = Stage.of(row.text("from_stage"));
    Stage to = Stage.of(row.text("to_stage"));
    Policy policy = policies.policy(row, "p_");
    return new RequestRow(
        row.number("id"),
        row.number("model_id"),
        row.text("model"),
        row.number("version_id"),
        row.integer("version"),
        RequestState.of(row.text("state")),
        row.text("state_reason"),
        row.text("requester"),
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
            Stage.of(row.text("version_stage")),
            to,
            policy.id(),
            row.text("live_digest_now"),
            verdicts.read(row.text("checks_now"))),
        policy,
        policies.policy(row, "b_"),
        row.flag("is_live"),
        row.number("release_id"),
        row.time("created_at"),
        row.time("updated_at"));
  }
}
