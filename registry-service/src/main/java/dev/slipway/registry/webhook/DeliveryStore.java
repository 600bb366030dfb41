package dev.slipway.registry.webhook;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The outbox. */
@ApplicationScoped
class DeliveryStore {
  private final Database database;

  DeliveryStore(Database database) {
    this.database = database;
  }

  /** A delivery that somebody is to send now. {@code attempts} counts this one. */
  record Due(String id, String url, String body, String sealedSecret, int attempts) {}

  /**
   * Takes deliveries that are due, oldest first; who takes one has it until {@code lease}, then it is due again. Those of a disabled
   * webhook wait.
   */
  List<Due> take(int limit, Instant now, Instant lease) {
    return database.list("""
        with due as (
          select d.id from webhook_delivery d join webhook w on w.id = d.webhook_id
           where d.state = 'pending' and d.due_at <= ? and w.status = 'ACTIVE'
           order by d.due_at, d.position limit ? for update of d skip locked)
        update webhook_delivery d set due_at = ?, attempts = d.attempts + 1
          from due, webhook w where d.id = due.id and w.id = d.webhook_id
        returning d.id::text as id, w.url, d.body, w.secret, d.attempts
        """, DeliveryStore::due, now, limit, lease);
  }

  void delivered(String id, int status, Instant now) {
    finish(id, "delivered", status, null, now);
  }

  void failed(String id, int status, String error, Instant now) {
    finish(id, "failed", status, error, now);
  }

  private void finish(String id, String state, int status, String error, Instant now) {
    database.update(
        "update webhook_delivery set state = ?, response_status = ?, error = ?, finished_at = ? where id = ?::uuid",
        state,
        status == 0 ? null : status,
        error,
        now,
        id);
  }

  void again(String id, int status, String error, Instant due) {
    database.update(
        "update webhook_delivery set due_at = ?, response_status = ?, error = ? where id = ?::uuid",
        due,
        status == 0 ? null : status,
        error,
        id);
  }

  /** Newest first. */
  List<Delivery> page(String webhook, long before, int size) {
    return database.list(
        "select *, id::text as delivery from webhook_delivery where webhook_id = ? and position < ? order by position desc limit ?",
        DeliveryStore::delivery,
        webhook,
        before,
        size);
  }

  /** Forgets those that ended before {@code when}. */
  int forgetFinished(Instant when) {
    return database.update(
        "delete from webhook_delivery where state <> 'pending' and finished_at < ?", when);
  }

  private static Due due(Row row) throws SQLException {
    return new Due(
        row.text("id"),
        row.text("url"),
        row.text("body"),
        row.text("secret"),
        row.integer("attempts"));
  }

  private static Delivery delivery(Row row) throws SQLException {
    String state = row.text("state");
    return new Delivery(
        row.text("delivery"),
        row.number("position"),
        row.text("event"),
        state,
        row.integer("attempts"),
        row.integer("response_status"),
        row.text("error"),
        row.time("created_at"),
        state.equals("pending") ? row.time("due_at") : null,
        row.time("finished_at"));
  }
}
