package dev.slipway.registry.webhook;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rows of webhooks. */
@ApplicationScoped
class WebhookStore {
  private static final String SELECT =
      "select id, position, origin, name, url, description, array_to_string(events, ',') as events, secret is not null as signed,"
          + " status, created_by, created_at, updated_at from webhook ";

  private final Database database;

  WebhookStore(Database database) {
    this.database = database;
  }

  /** A webhook with its place in the order of creation. */
  record Placed(long position, Webhook webhook) {}

  void insert(Webhook webhook, String sealedSecret) {
    database.update(
        "insert into webhook (id, origin, name, url, description, events, secret, status, created_by, created_at, updated_at)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        webhook.id(),
        webhook.origin().name(),
        webhook.name(),
        webhook.url(),
        webhook.description(),
        labels(webhook.events()),
        sealedSecret,
        webhook.status().name(),
        webhook.createdBy(),
        webhook.createdAt(),
        webhook.updatedAt());
  }

  /** Writes all but the secret. */
  void update(Webhook webhook) {
    database.update(
        "update webhook set name = ?, url = ?, description = ?, events = ?, status = ?, updated_at = ? where id = ?",
        webhook.name(),
        webhook.url(),
        webhook.description(),
        labels(webhook.events()),
        webhook.status().name(),
        webhook.updatedAt(),
        webhook.id());
  }

  void updateSecret(String id, String sealedSecret) {
    database.update("update webhook set secret = ? where id = ?", sealedSecret, id);
  }

  boolean delete(String id) {
    return database.update("delete from webhook where id = ?", id) > 0;
  }

  Optional<Webhook> find(String id) {
    return database.first(SELECT + "where id = ?", WebhookStore::placed, id).map(Placed::webhook);
  }

  /** The webhook as it is, held until the end of the transaction. */
  Optional<Webhook> lock(String id) {
    return database
        .first(SELECT + "where id = ? for update", WebhookStore::placed, id)
        .map(Placed::webhook);
  }

  Optional<String> sealedSecret(String id) {
    return database.first(
        "select secret from webhook where id = ? and secret is not null",
        row -> row.text("secret"),
        id);
  }

  /** Newest first, of one API; {@code origin} is null for any. */
  List<Placed> page(Webhook.Origin origin, long before, int size) {
    return database.list(
        SELECT + "where position < ? and (? or origin = ?) order by position desc limit ?",
        WebhookStore::placed,
        before,
        origin == null,
        origin == null ? "" : origin.name(),
        size);
  }

  /** The events that at least one webhook wants. */
  Set<WebhookEvent> wanted() {
    return Set.copyOf(database.list(
        "select distinct unnest(events) as event from webhook where status = 'ACTIVE'",
        row -> WebhookEvent.find(row.text("event")).orElseThrow()));
  }

  /** One delivery for each webhook that wants the event. Answers how many. */
  int queue(WebhookEvent event, String body, Instant now) {
    return database.update(
        "insert into webhook_delivery (id, webhook_id, event, body, due_at, created_at)"
            + " select gen_random_uuid(), id, ?, ?, ?, ? from webhook where status = 'ACTIVE' and events @> ? order by position",
        event.label(),
        body,
        now,
        now,
        List.of(event.label()));
  }

  private static List<String> labels(List<WebhookEvent> events) {
    return events.stream().map(WebhookEvent::label).toList();
  }

  private static Placed placed(Row row) throws SQLException {
    return new Placed(
        row.number("position"),
        new Webhook(
            row.text("id"),
            Webhook.Origin.valueOf(row.text("origin")),
            row.text("name"),
            row.text("url"),
            row.text("description"),
            Arrays.stream(row.text("events").split(","))
                .map(label -> WebhookEvent.find(label).orElseThrow())
                .toList(),
            Webhook.Status.valueOf(row.text("status")),
            row.flag("signed"),
            row.text("created_by"),
            row.time("created_at"),
            row.time("updated_at")));
  }
}
