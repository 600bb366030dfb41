package dev.slipway.registry.review;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows of approval: given, and marked as void for good. */
@ApplicationScoped
class ApprovalStore {
  private static final String VOIDED =
      " returning m.name as model, a.request_id, a.approver, a.verdict, a.digest, a.void_reason";

  private final Database database;
  private final VerdictJson verdicts;

  ApprovalStore(Database database, VerdictJson verdicts) {
    this.database = database;
    this.verdicts = verdicts;
  }

  /** An approval with the request that it is on. */
  record Given(long request, Approval approval) {}

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

  /** An approval or rejection that was marked as void just now. */
  record Voided(
      String model, long request, String approver, String verdict, String digest, String reason) {}

  List<Voided> voidApproval(long approval, String reason, Instant at) {
    return database.list("""
        update approval a set void_at = ?, void_reason = ?
          from transition_request r join registered_model m on m.id = r.model_id
         where r.id = a.request_id and a.id = ? and a.void_at is null
        """ + VOIDED, ApprovalStore::voided, at, reason, approval);
  }

  /** Voids what was given on open requests of the model while another version was live. */
  List<Voided> voidForLive(long model, Instant at) {
    return database.list("""
        update approval a set void_at = ?, void_reason = 'another version is live now, or none is'
          from transition_request r, registered_model m left join model_version v on v.id = m.live_version_id
         where r.id = a.request_id and r.model_id = m.id and m.id = ? and r.state = 'open'
           and a.void_at is null and r.alias is null and a.live_digest is distinct from v.digest
        """ + VOIDED, ApprovalStore::voided, at, model);
  }

  /** Voids what was given on open requests for an alias that has moved. */
  List<Voided> voidForAlias(long model, String alias, Instant at) {
    return database.list("""
        update approval a set void_at = ?, void_reason = 'the alias points at another version now'
          from transition_request r join registered_model m on m.id = r.model_id
         where r.id = a.request_id and r.state = 'open' and a.void_at is null and r.model_id = ? and r.alias = ?
        """ + VOIDED, ApprovalStore::voided, at, model, alias);
  }

  /** Voids what was given on open requests under a policy that no longer holds; a null model means every model. */
  List<Voided> voidForPolicy(Long model, Instant at) {
    return database.list("""
        update approval a set void_at = ?, void_reason = 'the policy changed'
          from transition_request r join registered_model m on m.id = r.model_id
         where r.id = a.request_id and r.state = 'open' and a.void_at is null
           and (?::bigint is null or r.model_id = ?) and a.policy_id <> policy_in_force(r.model_id)
        """ + VOIDED, ApprovalStore::voided, at, model, model);
  }

  private static Voided voided(Row row) throws SQLException {
    return new Voided(
        row.text("model"),
        row.number("request_id"),
        row.text("approver"),
        row.text("verdict"),
        row.text("digest"),
        row.text("void_reason"));
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
}
