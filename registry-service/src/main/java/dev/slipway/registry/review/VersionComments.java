package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** Remarks on a version, changed and taken back only by who made them. While a request waits they are part of its discussion. */
@ApplicationScoped
public class VersionComments {
  private static final String SELECT = """
      select c.id, c.author, c.body, c.created_at, coalesce(c.updated_at, c.created_at) as updated_at, c.request_id,
             m.name as model, v.number, v.digest
        from request_comment c join model_version v on v.id = c.version_id join registered_model m on m.id = v.model_id
       where c.id = ? for update of c
      """;

  private final Database database;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final Clock clock;

  VersionComments(Database database, LivePointers pointers, AuditLog audit, Clock clock) {
    this.database = database;
    this.pointers = pointers;
    this.audit = audit;
    this.clock = clock;
  }

  /** A remark. */
  public record Comment(
      long id, String author, String body, Instant createdAt, Instant updatedAt) {}

  /** A remark with where it stands: at a version, and in the discussion of a request, where one waited. */
  private record Placed(Comment comment, String model, int version, String digest, Long request) {
    String object() {
      return request == null
          ? "model/" + model + "/version/" + version
          : Reviews.object(model, request);
    }
  }

  /** @throws NotFound when there is no such version */
  @Transactional
  public Comment add(Caller caller, String model, int version, String body) {
    requireNamed(caller);
    requireBody(body);
    long versionId = pointers.version(pointers.find(model), version).id();
    long id = database
        .first(
            """
            insert into request_comment (request_id, version_id, author, body, created_at)
            values ((select max(id) from transition_request where version_id = ? and state = 'open'), ?, ?, ?, ?)
            returning id
            """,
            row -> row.number("id"),
            versionId,
            versionId,
            caller.name(),
            body,
            clock.instant())
        .orElseThrow();
    Placed added = find(id);
    // What is said of a request is told as that, whichever way it came.
    append(caller, added.request() == null ? "comment.add" : "request.comment", added, null, body);
    return added.comment();
  }

  /** @throws Forbidden unless the caller made it */
  @Transactional
  public Comment update(Caller caller, long id, String body) {
    requireBody(body);
    Placed before = requireOwn(caller, id);
    database.update(
        "update request_comment set body = ?, updated_at = ? where id = ?",
        body,
        clock.instant(),
        id);
    append(caller, "comment.update", before, before.comment().body(), body);
    return find(id).comment();
  }

  /** @throws Forbidden unless the caller made it or is an admin */
  @Transactional
  public void delete(Caller caller, long id) {
    Placed before = caller.has(Role.ADMIN) ? find(id) : requireOwn(caller, id);
    database.update("delete from request_comment where id = ?", id);
    append(caller, "comment.delete", before, before.comment().body(), null);
  }

  /** @param before what stood there; null for nothing, like {@code after} */
  private void append(Caller caller, String action, Placed where, String before, String after) {
    audit.append(
        caller,
        action,
        where.object(),
        where.digest(),
        before == null ? null : said(where, before),
        after == null ? null : said(where, after));
  }

  private static Map<String, Object> said(Placed where, String body) {
    return Map.of(
        "comment_id", where.comment().id(), "author", where.comment().author(), "comment", body);
  }

  /** Locked until the end of the transaction: what is audited is what was there. */
  private Placed find(long id) {
    return database
        .first(SELECT, VersionComments::placed, id)
        .orElseThrow(
            () -> new NotFound("comment-not-found", "there is no comment " + id + " on a version"));
  }

  private Placed requireOwn(Caller caller, long id) {
    requireNamed(caller);
    Placed found = find(id);
    if (!found.comment().author().equals(caller.name())) {
      throw new Forbidden("not-yours", "only who made a comment may change it");
    }
    return found;
  }

  private static void requireNamed(Caller caller) {
    if (caller.isAnonymous()) {
      throw new Forbidden("name-needed", "a comment is made by name: say who you are");
    }
  }

  private static void requireBody(String body) {
    if (body == null || body.isBlank()) {
      throw new Invalid("a comment has a body");
    }
    Reviews.requireComment(body);
  }

  private static Placed placed(Row row) throws SQLException {
    var comment = new Comment(
        row.number("id"),
        row.text("author"),
        row.text("body"),
        row.time("created_at"),
        row.time("updated_at"));
    return new Placed(
        comment,
        row.text("model"),
        row.integer("number"),
        row.text("digest"),
        row.number("request_id"));
  }
}
